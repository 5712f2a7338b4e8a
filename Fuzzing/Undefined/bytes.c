/* Holds every function of CBytes to one that goes byte by byte, on bytes that lie at the end of what was allocated. For
 * the sanitizers of C (scripts/sanitize undefined), once for each body that the processor has.
 * usage: bytes [ROUNDS]
 */
#include <stdio.h>
#include <stdlib.h>

#include "../../Sources/CBytes/bytes.h"

static uint64_t state = 1;

/* SplitMix64, by Steele, Lea and Flood. */
static uint64_t next(void) {
  uint64_t word = (state += 0x9E3779B97F4A7C15u);
  word = (word ^ word >> 30) * 0xBF58476D1CE4E5B9u;
  word = (word ^ word >> 27) * 0x94D049BB133111EBu;
  return word ^ word >> 31;
}

/* The bytes at which something changes, more often than all others. */
static uint8_t any_byte(void) {
  static const char edges[] = "\"\\\x1f\x20\x7f\x80\xff\x00/09:`af g@";
  uint64_t word = next();
  return word & 1 ? (uint8_t)edges[(word >> 1) % sizeof edges] : word & 2 ? (uint8_t)(word >> 2) : 'x';
}

static void hold(int is_right, const char *what) {
  if (is_right) return;
  fprintf(stderr, "bytes: %s says something else than byte by byte\n", what);
  exit(1);
}

static int32_t plain_run(const uint8_t *text, int32_t count) {
  for (int32_t index = 0; index < count; index++) {
    uint8_t byte = text[index];
    if (byte == '"' || byte == '\\' || byte < 0x20 || byte >= 0x80) return index;
  }
  return count;
}

static void try_plain_runs(const uint8_t *text) {
  hold(bytes_plain_run(text) == plain_run(text, 16), "bytes_plain_run");
  hold(bytes_plain_run(text + 16) == plain_run(text + 16, 16), "bytes_plain_run");
  hold(bytes_plain_run_32(text) == plain_run(text, 32), "bytes_plain_run_32");
}

static void try_equality(const uint8_t *left, const uint8_t *right) {
  uint32_t needed = (uint32_t)(next() & next()), different = 0;
  for (int index = 0; index < 32; index++) different |= (uint32_t)(left[index] != right[index]) << index;
  hold(bytes_are_equal(left, right, needed) == ((needed & different) == 0), "bytes_are_equal");
  uint8_t byte = any_byte();
  uint32_t equal = 0;
  for (int index = 0; index < 16; index++) equal |= (uint32_t)(left[16 + index] == byte) << index;
  hold(bytes_equal(left + 16, byte) == equal, "bytes_equal");
}

static void try_digits(void) {
  static const char digits[] = "0123456789abcdef";
  uint8_t text[16];
  uint64_t words[2], value = 0;
  int is_valid = 1;
  for (int index = 0; index < 16; index++) {
    uint64_t word = next();
    text[index] = word % 64 ? (uint8_t)digits[word >> 8 & 15] : any_byte();
    const char *digit = text[index] ? strchr(digits, text[index]) : 0;
    if (!digit) is_valid = 0;
    value = value << 4 | (digit ? (uint64_t)(digit - digits) : 0);
  }
  memcpy(words, text, 16);
  bytes_hex_digits found = bytes_hex(words[0], words[1]);
  hold((found.is_valid != 0) == is_valid && (!is_valid || found.value == value), "bytes_hex");
}

static void try_masks(void) {
  for (int32_t count = 0; count <= 32; count++) {
    for (int32_t start = 0; start < 32; start += 8) {
      uint64_t mask = 0;
      for (int32_t index = 0; index < 8; index++) {
        if (start + index < count) mask |= (uint64_t)0xFF << (index * 8);
      }
      hold(bytes_mask(count, start) == mask, "bytes_mask");
    }
  }
}

int main(int count, char **words) {
  long rounds = count > 1 ? atol(words[1]) : 2000000;
  uint8_t *left = malloc(32), *right = malloc(32);
  if (!left || !right) return 1;
  try_masks();
  for (long round = 0; round < rounds; round++) {
    for (int index = 0; index < 32; index++) {
      left[index] = any_byte();
      right[index] = next() % 16 ? left[index] : any_byte();
    }
    try_plain_runs(left);
    try_equality(left, right);
    try_digits();
    hold(bytes_opaque((int64_t)round) == round, "bytes_opaque");
    bytes_prefetch(left + next() % 64);
  }
  free(left);
  free(right);
  return 0;
}
