#include <stddef.h>
#include <stdint.h>

/* compiler-rt/lib/fuzzer/FuzzerDriver.cpp, part of libFuzzer's interface: runs it from a main of one's own. */
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback)(const uint8_t *data, size_t size));
