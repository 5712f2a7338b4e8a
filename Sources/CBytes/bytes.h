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

#endif
