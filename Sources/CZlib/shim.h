// The system's zlib (Debian: zlib1g-dev, which SwiftNIO's compression needs already).
#include <zlib.h>
