// What every program of ours does with its own process before it touches a secret.
#pragma once

namespace tallylock::app {

/// No core dump of this process is ever written, and no other process of the user may read its memory.
void forbidCoreDumps();
/// Files are made for their owner alone.
void keepFilesPrivate();

} // namespace tallylock::app
