// identify: reads the tracking mark of a file, verifies it, and says whose asset it is.
#pragma once

#include "app/cli/Command.h"

namespace tallylock::cli {

// Exit codes besides kDone and kFailed.
inline constexpr int kNoMark = 2;      ///< neither in the file nor beside it
inline constexpr int kDamagedMark = 3; ///< there was one; it cannot be read any more
inline constexpr int kForgedMark = 4;  ///< a signature in it is wrong

/// identify FILE
int runIdentify(const Arguments& arguments);

} // namespace tallylock::cli
