// Pictures, made small: of picture files and of the first page of a PDF.
#pragma once

#include "core/media/Input.h"

#include <QImage>

namespace tallylock::media {

/// What a picture may have before it is decoded.
inline constexpr std::int64_t kMaxPixels = 100'000'000;

/// At most kMaxLookSide on its longer side, as bare pixels.
ports::Picture pictureOf(const QImage& image);
Outcome<ports::Picture> lookAtImage(Input& input);
/// A picture inside a file, such as a cover.
Outcome<ports::Picture> lookAtImage(ByteView bytes);
/// The first page.
Outcome<ports::Picture> lookAtPdf(Input& input);
/// Loads what the libraries load when they are first used. Before the sandbox.
void warmUpImages();

} // namespace tallylock::media
