// `inspect`: what a file is, as far as that can be told without any key: a sealed file, a manifest, a tracking mark.
#pragma once

#include "app/cli/Command.h"

namespace tallylock::cli {

/// inspect FILE
int runInspect(const Arguments& arguments);

} // namespace tallylock::cli
