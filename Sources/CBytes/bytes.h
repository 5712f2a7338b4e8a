/* Questions about sixteen bytes at once, for the scanner and the readers of values.
 *
 * In C because Swift's SIMD16<UInt8> compares compile to one compare per byte. Every function has three bodies of the
 * same meaning: SSE2, which every x86-64 has; NEON, which every arm64 has; and words of 64 bits for what has neither.
 * They read exactly the bytes that they say, aligned or not, and write none.
 */
#ifndef MESHWEFT_BYTES_H
#define MESHWEFT_BYTES_H

#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON) && defined(__aarch64__) && !defined(__AARCH64EB__)
#include <arm_neon.h>
#define MESHWEFT_NEON 1
#endif

#define MESHWEFT_INLINE static inline __attribute__((always_inline))

#if !defined(__SSE2__)
/* Eight bytes as a number, the first one lowest. */
MESHWEFT_INLINE uint64_t bytes_word(const void *bytes) {
  uint64_t word;
  memcpy(&word, bytes, 8);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  return word;
}
#endif

/* How many of sixteen bytes come before the first that ends or interrupts plain text in a JSON string: a quote, a
 * backslash, a control character, or a byte beyond ASCII. 16 where there is none. */
MESHWEFT_INLINE int32_t bytes_plain_run(const void *bytes) {
#if defined(__SSE2__)
  __m128i text = _mm_loadu_si128((const __m128i *)bytes);
  __m128i stops = _mm_or_si128(_mm_cmpeq_epi8(text, _mm_set1_epi8('"')), _mm_cmpeq_epi8(text, _mm_set1_epi8('\\')));
  /* As signed numbers, bytes beyond ASCII are below all others. */
  stops = _mm_or_si128(stops, _mm_cmplt_epi8(text, _mm_set1_epi8(0x20)));
  return __builtin_ctz((uint32_t)_mm_movemask_epi8(stops) | 0x10000u);
#elif defined(MESHWEFT_NEON)
  uint8x16_t text = vld1q_u8((const uint8_t *)bytes);
  uint8x16_t stops = vorrq_u8(vceqq_u8(text, vdupq_n_u8('"')), vceqq_u8(text, vdupq_n_u8('\\')));
  stops = vorrq_u8(stops, vcltq_s8(vreinterpretq_s8_u8(text), vdupq_n_s8(0x20)));
  /* Four bits of each byte: 64 bits say what a movemask would. */
  uint8x8_t nibbles = vshrn_n_u16(vreinterpretq_u16_u8(stops), 4);
  uint64_t mask = vget_lane_u64(vreinterpret_u64_u8(nibbles), 0);
  return mask ? __builtin_ctzll(mask) >> 2 : 16;
#else
  const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
  for (int32_t half = 0; half < 16; half += 8) {
    uint64_t word = bytes_word((const char *)bytes + half);
    uint64_t quote = word ^ ones * '"', slash = word ^ ones * '\\';
    /* Borrows run upwards only: the lowest bit that is set is exact. */
    uint64_t stops = (((quote - ones) & ~quote) | ((slash - ones) & ~slash) | (word - ones * 0x20) | word) & highs;
    if (stops) return half + (__builtin_ctzll(stops) >> 3);
  }
  return 16;
#endif
}

/* The same of 32 bytes, without a branch between the halves: for text of which nothing is known. */
MESHWEFT_INLINE int32_t bytes_plain_run_32(const void *bytes) {
#if defined(__SSE2__)
  uint64_t stops = (uint64_t)1 << 32;
  for (int32_t half = 0; half < 2; half++) {
    __m128i text = _mm_loadu_si128((const __m128i *)bytes + half);
    __m128i found = _mm_or_si128(_mm_cmpeq_epi8(text, _mm_set1_epi8('"')), _mm_cmpeq_epi8(text, _mm_set1_epi8('\\')));
    found = _mm_or_si128(found, _mm_cmplt_epi8(text, _mm_set1_epi8(0x20)));
    stops |= (uint64_t)(uint32_t)_mm_movemask_epi8(found) << (half * 16);
  }
  return __builtin_ctzll(stops);
#else
  int32_t run = bytes_plain_run(bytes);
  return run < 16 ? run : 16 + bytes_plain_run((const char *)bytes + 16);
#endif
}

/* Whether those of 32 bytes that `needed` has a bit for, the first one lowest, are equal in both. */
MESHWEFT_INLINE int32_t bytes_are_equal(const void *left, const void *right, uint32_t needed) {
#if defined(__SSE2__)
  const __m128i *a = (const __m128i *)left, *b = (const __m128i *)right;
  uint32_t low = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(a), _mm_loadu_si128(b)));
  uint32_t high = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(a + 1), _mm_loadu_si128(b + 1)));
  return (needed & ~(low | high << 16)) == 0;
#else
  /* From a mask's bit to a byte of eight: the bits are spread, and each becomes 0xFF. */
  uint64_t difference = 0;
  for (int32_t part = 0; part < 4; part++) {
    uint64_t bits = needed >> (part * 8) & 0xFF;
    bits = (bits * 0x0101010101010101u) & 0x8040201008040201u;
    uint64_t bytes = ((bits + 0x7F7F7F7F7F7F7F7Fu) | bits) & 0x8080808080808080u;
    uint64_t mask = (bytes >> 7) * 0xFF;
    difference |= (bytes_word((const char *)left + part * 8) ^ bytes_word((const char *)right + part * 8)) & mask;
  }
  return difference == 0;
#endif
}

/* Which of sixteen bytes are equal to one: a bit for each, the first one lowest. */
MESHWEFT_INLINE uint32_t bytes_equal(const void *bytes, uint8_t byte) {
#if defined(__SSE2__)
  __m128i text = _mm_loadu_si128((const __m128i *)bytes);
  return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(text, _mm_set1_epi8((char)byte)));
#else
  uint32_t mask = 0;
  for (int32_t half = 0; half < 16; half += 8) {
    uint64_t difference = bytes_word((const char *)bytes + half) ^ 0x0101010101010101u * byte;
    /* Exact in every byte, then the eight high bits are gathered in the highest byte. */
    uint64_t equal = ~(((difference & 0x7F7F7F7F7F7F7F7Fu) + 0x7F7F7F7F7F7F7F7Fu) | difference | 0x7F7F7F7F7F7F7F7Fu);
    mask |= (uint32_t)((equal >> 7) * 0x0102040810204080u >> 56) << half;
  }
  return mask;
#endif
}

typedef struct {
  uint64_t value;
  /* Not 0 where all sixteen were lower-case hex digits. */
  int32_t is_valid;
} bytes_hex_digits;

/* Sixteen lower-case hex digits as a number: two words of text, the first digit lowest in the first word. */
MESHWEFT_INLINE bytes_hex_digits bytes_hex(uint64_t first, uint64_t second) {
  bytes_hex_digits result;
#if defined(__SSE2__)
  __m128i text = _mm_set_epi64x((long long)second, (long long)first);
  __m128i is_digit = _mm_and_si128(
      _mm_cmpgt_epi8(text, _mm_set1_epi8('0' - 1)), _mm_cmpgt_epi8(_mm_set1_epi8('9' + 1), text));
  __m128i is_letter = _mm_and_si128(
      _mm_cmpgt_epi8(text, _mm_set1_epi8('a' - 1)), _mm_cmpgt_epi8(_mm_set1_epi8('f' + 1), text));
  __m128i nibbles = _mm_add_epi8(
      _mm_and_si128(text, _mm_set1_epi8(0x0F)), _mm_and_si128(is_letter, _mm_set1_epi8(9)));
  /* In each pair the first nibble is the higher one. */
  __m128i pairs = _mm_and_si128(
      _mm_or_si128(_mm_slli_epi16(nibbles, 4), _mm_srli_epi16(nibbles, 8)), _mm_set1_epi16(0x00FF));
  result.value = __builtin_bswap64((uint64_t)_mm_cvtsi128_si64(_mm_packus_epi16(pairs, pairs)));
  result.is_valid = _mm_movemask_epi8(_mm_or_si128(is_digit, is_letter)) == 0xFFFF;
#else
  result.value = 0;
  result.is_valid = 1;
  for (int32_t index = 0; index < 16; index++) {
    uint8_t byte = (uint8_t)((index < 8 ? first : second) >> (index % 8 * 8));
    uint8_t digit = byte - '0', letter = byte - 'a';
    if (digit > 9 && letter > 5) result.is_valid = 0;
    result.value = result.value << 4 | (digit <= 9 ? digit : (letter + 10) & 0x0F);
  }
#endif
  return result;
}

/* Asks the processor to have the memory at an address at hand soon; the address may be any. */
MESHWEFT_INLINE void bytes_prefetch(const void *address) { __builtin_prefetch(address); }

/* The same number, of which the compiler knows nothing: what is computed from it waits for it alone, and not for what it
 * was found equal to. */
MESHWEFT_INLINE int64_t bytes_opaque(int64_t number) {
  __asm__("" : "+r"(number));
  return number;
}

/* Eight bytes of a mask for `count` bytes of text, 0 to 32, from `start` on: 0xFF for each that belongs to it. */
MESHWEFT_INLINE uint64_t bytes_mask(int32_t count, int32_t start) {
  static const uint64_t mask[8] = {~(uint64_t)0, ~(uint64_t)0, ~(uint64_t)0, ~(uint64_t)0, 0, 0, 0, 0};
  uint64_t word;
  memcpy(&word, (const char *)mask + 32 - count + start, 8);
  return word;
}

#endif
