// `demo`: one whole sale and one exchange trade on the practice rail, told through core/api alone. Run again on the
// same folder, it goes on where it was.
#pragma once

#include "app/cli/Command.h"

namespace tallylock::cli {

int runDemo(const Arguments& arguments);

} // namespace tallylock::cli
