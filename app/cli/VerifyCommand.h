// `verify`: a second opinion on a folder. Replays the whole journal with nothing but what lies there, and checks every
// hash, signature and sum that a sale or a trade rests on. With -m or -p: a sealed file or one portion of it
// (PortionsCommand.h).
#pragma once

#include "app/cli/Command.h"

namespace tallylock::cli {

int runVerify(const Arguments& arguments);

} // namespace tallylock::cli
