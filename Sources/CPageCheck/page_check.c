// A layer between SQLite and its files: each page of a database ends with a check over the page and its number, which is
// written with the page and compared as it is read (docs/explanation/decisions/0012-page-checks.md).
//
// In C, because SQLite asks for a table of C functions. The bytes are those that SQLite's format lets a database reserve
// (https://www.sqlite.org/fileformat2.html#resbytes): it leaves them alone, and other programs read the file as ever. Pages
// in the write-ahead log have SQLite's own checksums; theirs are made when they are copied into the database.
//
// SQLite itself sees zeros where a check stands, so that its log holds zeros, too: where another program copies that into the
// database (a shell that is the last to close it), the pages have no check, and are taken as they are.

#include "page_check.h"

#include <sqlite3.h>
#include <stdint.h>
#include <string.h>

// Where a database's header says how many bytes its pages reserve.
enum { reserved_offset = 20, header_bytes = 100, least_page = 512 };

// A database's file; that of the system's layer lies behind it.
struct checked_file {
  sqlite3_file base;
  // Whether its pages have checks.
  int has_checks;
};

static sqlite3_file *real(sqlite3_file *file) { return (sqlite3_file *)((struct checked_file *)file + 1); }

static uint64_t word(const unsigned char *bytes) {
  uint64_t value;
  memcpy(&value, bytes, sizeof value);
  return value;
}

static uint64_t fold(uint64_t left, uint64_t right) {
  unsigned __int128 product = (unsigned __int128)left * right;
  return (uint64_t)(product >> 64) ^ (uint64_t)product;
}

// Against damage, not against forgery: whoever can write the file can write any page.
static uint64_t check(const unsigned char *page, int size, uint64_t number) {
  static const uint64_t constants[4] = {
      0xA0761D6478BD642F, 0xE7037ED1A0B428DB, 0x8EBC6AF09C88C6E3, 0x589965CC75374CC3};
  uint64_t lanes[4];
  for (int lane = 0; lane < 4; lane++) lanes[lane] = number ^ constants[lane];
  int end = size - PAGE_CHECK_BYTES;
  int offset = 0;
  for (; offset + 64 <= end; offset += 64) {
    for (int lane = 0; lane < 4; lane++) {
      const unsigned char *place = page + offset + 16 * lane;
      lanes[lane] = fold(word(place) ^ constants[lane], word(place + 8) ^ lanes[lane]);
    }
  }
  for (; offset < end; offset += 8) lanes[0] = fold(word(page + offset) ^ constants[1], lanes[0] ^ constants[2]);
  uint64_t value = fold(fold(lanes[0] ^ constants[3], lanes[1]), fold(lanes[2] ^ constants[0], lanes[3]));
  // Zero says that there is none.
  return value == 0 ? 1 : value;
}

// Whether a read or write is of one whole page, as all but those of the header are.
static int is_page(int amount, sqlite3_int64 offset) {
  return amount >= least_page && (amount & (amount - 1)) == 0 && offset % amount == 0;
}

static void note_header(sqlite3_file *file, const unsigned char *header) {
  ((struct checked_file *)file)->has_checks = header[reserved_offset] == PAGE_CHECK_BYTES;
}

// Looks at the header in the file, if there is one.
static void read_header(sqlite3_file *file) {
  unsigned char header[header_bytes];
  if (real(file)->pMethods->xRead(real(file), header, header_bytes, 0) == SQLITE_OK) note_header(file, header);
}

static int checked_read(sqlite3_file *file, void *buffer, int amount, sqlite3_int64 offset) {
  int code = real(file)->pMethods->xRead(real(file), buffer, amount, offset);
  if (code != SQLITE_OK || !is_page(amount, offset)) return code;
  if (offset == 0) note_header(file, buffer);
  if (!((struct checked_file *)file)->has_checks) return SQLITE_OK;
  unsigned char *page = buffer;
  uint64_t found = word(page + amount - PAGE_CHECK_BYTES);
  if (found != 0 && found != check(page, amount, (uint64_t)(offset / amount))) return SQLITE_IOERR_DATA;
  memset(page + amount - PAGE_CHECK_BYTES, 0, PAGE_CHECK_BYTES);
  return SQLITE_OK;
}

static int checked_write(sqlite3_file *file, const void *buffer, int amount, sqlite3_int64 offset) {
  if (is_page(amount, offset) && offset == 0) note_header(file, buffer);
  if (!is_page(amount, offset) || !((struct checked_file *)file)->has_checks) {
    return real(file)->pMethods->xWrite(real(file), buffer, amount, offset);
  }
  // The reserved bytes of SQLite's copy mean nothing to it; they are zeros again when it has them back.
  unsigned char *page = (unsigned char *)buffer;
  uint64_t value = check(page, amount, (uint64_t)(offset / amount));
  memcpy(page + amount - PAGE_CHECK_BYTES, &value, sizeof value);
  int code = real(file)->pMethods->xWrite(real(file), buffer, amount, offset);
  memset(page + amount - PAGE_CHECK_BYTES, 0, PAGE_CHECK_BYTES);
  return code;
}

static int checked_control(sqlite3_file *file, int operation, void *argument) {
  // Another process may have rewritten the database with checks since it was opened.
  if (operation == SQLITE_FCNTL_CKPT_START) read_header(file);
  return real(file)->pMethods->xFileControl(real(file), operation, argument);
}

static int checked_characteristics(sqlite3_file *file) {
  // Parts of pages cannot be verified (SQLITE_IOCAP_SUBPAGE_READ of SQLite 3.48).
  return real(file)->pMethods->xDeviceCharacteristics(real(file)) & ~0x00008000;
}

static int checked_close(sqlite3_file *file) { return real(file)->pMethods->xClose(real(file)); }
static int checked_truncate(sqlite3_file *file, sqlite3_int64 size) {
  return real(file)->pMethods->xTruncate(real(file), size);
}
static int checked_sync(sqlite3_file *file, int flags) { return real(file)->pMethods->xSync(real(file), flags); }
static int checked_size(sqlite3_file *file, sqlite3_int64 *size) {
  return real(file)->pMethods->xFileSize(real(file), size);
}
static int checked_lock(sqlite3_file *file, int level) { return real(file)->pMethods->xLock(real(file), level); }
static int checked_unlock(sqlite3_file *file, int level) { return real(file)->pMethods->xUnlock(real(file), level); }
static int checked_reserved(sqlite3_file *file, int *result) {
  return real(file)->pMethods->xCheckReservedLock(real(file), result);
}
static int checked_sector(sqlite3_file *file) { return real(file)->pMethods->xSectorSize(real(file)); }
static int checked_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **memory) {
  return real(file)->pMethods->xShmMap(real(file), page, size, extend, memory);
}
static int checked_shm_lock(sqlite3_file *file, int offset, int count, int flags) {
  return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}
static void checked_shm_barrier(sqlite3_file *file) { real(file)->pMethods->xShmBarrier(real(file)); }
static int checked_shm_unmap(sqlite3_file *file, int remove) {
  return real(file)->pMethods->xShmUnmap(real(file), remove);
}

// Of version 2: without mapping the file into memory, which would go past the checks.
static const sqlite3_io_methods checked_methods = {
    2, checked_close, checked_read, checked_write, checked_truncate, checked_sync, checked_size, checked_lock,
    checked_unlock, checked_reserved, checked_control, checked_sector, checked_characteristics, checked_shm_map,
    checked_shm_lock, checked_shm_barrier, checked_shm_unmap, 0, 0};

static int checked_open(
    sqlite3_vfs *layer, const char *name, sqlite3_file *file, int flags, int *given_flags) {
  sqlite3_vfs *below = layer->pAppData;
  if (!(flags & SQLITE_OPEN_MAIN_DB)) return below->xOpen(below, name, file, flags, given_flags);
  struct checked_file *checked = (struct checked_file *)file;
  memset(checked, 0, sizeof *checked);
  int code = below->xOpen(below, name, real(file), flags, given_flags);
  if (code != SQLITE_OK) return code;
  file->pMethods = &checked_methods;
  read_header(file);
  return SQLITE_OK;
}

static sqlite3_vfs layer;

int page_check_register(void) {
  sqlite3_vfs *below = sqlite3_vfs_find(0);
  if (below == 0) return SQLITE_ERROR;
  if (layer.pAppData) return SQLITE_OK;
  layer = *below;
  layer.pNext = 0;
  layer.zName = "meshweft";
  layer.pAppData = below;
  layer.szOsFile += (int)sizeof(struct checked_file);
  layer.xOpen = checked_open;
  return sqlite3_vfs_register(&layer, 1);
}

const char *page_check_below(void) { return layer.pAppData ? ((sqlite3_vfs *)layer.pAppData)->zName : 0; }
