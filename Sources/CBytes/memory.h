/* What Swift's view of the C library leaves out of it. */
#ifndef MESHWEFT_MEMORY_H
#define MESHWEFT_MEMORY_H

#if defined(__linux__)
#include <malloc.h>
#endif

/* Lets blocks of a megabyte and more go back to the system as they are freed, from now on. Where the C library has no such
 * setting, nothing changes. */
static inline void memory_goes_back_at_once(void) {
#if defined(M_MMAP_THRESHOLD)
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
}

#endif
