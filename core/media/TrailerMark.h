// The mark at the end of a file (core/asset/Mark.h), where its format lets something stand there.
#pragma once

#include "core/media/FileKind.h"
#include "core/ports/MediaMessages.h"

namespace tallylock::media {

/// How to write the marked copy. NotSupported: something in this file speaks against a trailer. An old mark is
/// replaced.
Outcome<ports::MediaSplice> trailerFor(const Input& input, FileKind kind, ByteView mark);
/// Empty: none. Damaged: a block that is not whole.
Outcome<Bytes> markAtEnd(const Input& input);

} // namespace tallylock::media
