/* Holds the functions of CBytes to their plain meaning, byte by byte, on random input: for the bodies that this is compiled
 * for, and for sanitizers, which know what C leaves undefined. Run by scripts/sanitize. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "../Sources/CBytes/bytes.h"

enum { SIZE = 96, ROUNDS = 2000000 };

static uint64_t state = 88172645463325252u;

static uint64_t next_random(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

static int is_plain(uint8_t byte) { return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\'; }

static int plain_run(const uint8_t *bytes, int limit) {
  int run = 0;
  while (run < limit && is_plain(bytes[run])) run++;
  return run;
}

static void check(int holds, const char *what, long round) {
  if (holds) return;
  printf("bytes: %s differs in round %ld\n", what, round);
  exit(1);
}

/* Letters, hex digits, what ends plain text, or anything; the second text has some bits turned. */
static void fill(uint8_t *one, uint8_t *other) {
  static const uint8_t odd[] = {'"', '\\', 0x1F, 0x20, 0x7F, 0x80, 0xFF, 0, 'a', '0', 'f', 'G', ':', '.', '9', '/', 'g', '`'};
  uint64_t kind = next_random() % 4;
  for (int index = 0; index < SIZE; index++) {
    uint8_t byte = (uint8_t)(next_random() >> 24);
    if (kind == 1) byte = (uint8_t)('a' + byte % 26);
    if (kind == 2) byte = (uint8_t)"0123456789abcdef"[byte & 15];
    if (kind == 3) byte = odd[byte % sizeof odd];
    one[index] = byte;
  }
  if (next_random() % 2) one[next_random() % 40] = odd[next_random() % sizeof odd];
  memcpy(other, one, SIZE);
  for (uint64_t turned = next_random() % 3; turned > 0; turned--) other[next_random() % 40] ^= (uint8_t)(1u << next_random() % 8);
}

static void check_hex(const uint8_t *text, long round) {
  uint64_t words[2] = {0, 0}, value = 0;
  int is_valid = 1;
  for (int index = 0; index < 16; index++) {
    int digit = text[index] >= '0' && text[index] <= '9', letter = text[index] >= 'a' && text[index] <= 'f';
    if (!digit && !letter) is_valid = 0;
    value = value << 4 | (uint64_t)((digit ? text[index] - '0' : text[index] - 'a' + 10) & 15);
    words[index / 8] |= (uint64_t)text[index] << (index % 8 * 8);
  }
  bytes_hex_digits found = bytes_hex(words[0], words[1]);
  check((found.is_valid != 0) == is_valid, "whether it is hex", round);
  check(!is_valid || found.value == value, "a hex number", round);
}

int main(void) {
  uint8_t one[SIZE], other[SIZE];
  for (long round = 0; round < ROUNDS; round++) {
    fill(one, other);
    const uint8_t *text = one + next_random() % 8;
    const uint8_t *turned = other + (text - one);
    uint32_t needed = (uint32_t)next_random();
    if (next_random() % 3 == 0) needed = next_random() % 2 ? ~(uint32_t)0 : ((uint32_t)1 << next_random() % 32) - 1;
    int equal = 1;
    for (int index = 0; index < 32; index++) equal &= !(needed >> index & 1) || text[index] == turned[index];
    uint32_t same = 0;
    for (int index = 0; index < 16; index++) same |= (uint32_t)(text[index] == text[3]) << index;
    check(bytes_plain_run(text) == plain_run(text, 16), "a plain run", round);
    check(bytes_plain_run_32(text) == plain_run(text, 32), "a plain run of 32", round);
    check((bytes_are_equal(text, turned, needed) != 0) == equal, "equality", round);
    check(bytes_equal(text, text[3]) == same, "the bytes that are equal to one", round);
    check_hex(text, round);
    int count = (int)(next_random() % 33), start = (int)(next_random() % 25);
    uint64_t mask = 0;
    for (int index = 0; index < 8; index++) mask |= (uint64_t)(start + index < count ? 0xFF : 0) << (index * 8);
    check(bytes_mask(count, start) == mask, "a mask", round);
  }
  printf("bytes: the same in %d rounds\n", ROUNDS);
  return 0;
}
