/* Runs the image of a kernel file: run_image CODE WEIGHTS ENTRY ROWS POSITIONS X IN_COLUMNS Y OUT_COLUMNS SCRATCH_NUMBERS ARGUMENT...
 * An argument: i, o, s, or wOFFSET. For other processors than this one, under an emulator: no library but libc. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static char *pages(const char *path, size_t size, int protection) {
  FILE *file = path ? fopen(path, "rb") : NULL;
  if (path && file) {
    fseek(file, 0, SEEK_END);
    size = (size_t)ftell(file);
    rewind(file);
  }
  char *memory = mmap(NULL, size + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if ((path && !file) || memory == MAP_FAILED || (file && fread(memory, 1, size, file) != size))
    exit(2);
  __builtin___clear_cache(memory, memory + size);
  if (mprotect(memory, size + 1, protection))
    exit(3);
  return memory;
}

int main(int count, char **words) {
  if (count < 12)
    return 1;
  int64_t rows = atoll(words[4]);
  char *code = pages(words[1], 0, PROT_READ | PROT_EXEC), *weights = pages(words[2], 0, PROT_READ);
  char *x = pages(words[6], 0, PROT_READ);
  size_t bytes = (size_t)(rows * atoll(words[9])) * sizeof(float);
  char *y = pages(NULL, bytes, PROT_READ | PROT_WRITE);
  char *scratch = pages(NULL, (size_t)atoll(words[10]) * sizeof(float), PROT_READ | PROT_WRITE);
  void *pointers[64];
  for (int i = 11; i < count && i < 75; ++i) {
    char *word = words[i];
    pointers[i - 11] = *word == 'i' ? x : *word == 'o' ? y : *word == 's' ? scratch : weights + atoll(word + 1);
  }
  ((void (*)(void *const *, int64_t, int64_t))(code + atoll(words[3])))(pointers, rows, atoll(words[5]));
  FILE *out = fopen(words[8], "wb");
  return !out || fwrite(y, 1, bytes, out) != bytes || fclose(out) != 0;
}
