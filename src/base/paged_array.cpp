#include "base/paged_array.hpp"

#include <sys/mman.h>

namespace frontrow {

void* reserve_pages(std::size_t bytes, bool large_pages) {
  void* pages = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  FRONTROW_ASSERT(pages != MAP_FAILED);
  // Advice only: where the system has no large pages, small ones serve as well.
  if (large_pages) static_cast<void>(madvise(pages, bytes, MADV_HUGEPAGE));
  return pages;
}

void release_pages(void* pages, std::size_t bytes) noexcept { munmap(pages, bytes); }

}  // namespace frontrow
