// One job: from the descriptors of core/ports/MediaMessages.h to an answer.
#pragma once

#include "core/media/Input.h"
#include "core/ports/MediaMessages.h"

namespace tallylock::media {

/// Whatever the libraries load lazily. Before the sandbox; needs a QGuiApplication.
void warmUp();
/// Does the job. A marked copy that is not a splice is written to `output`.
ports::MediaAnswer perform(const ports::MediaJob& job, Input& input, int output);
/// Reads the job, performs it and writes the answer; tells the exit code.
int serve();

} // namespace tallylock::media
