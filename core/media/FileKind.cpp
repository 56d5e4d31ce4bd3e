#include "core/media/FileKind.h"

#include <algorithm>
#include <cassert>
#include <iterator>

namespace tallylock::media {
namespace {

using asset::MarkForm;
using namespace std::string_view_literals;

// A mark goes where the format itself has room for it: metadata made for additions (XMP), a box or comment that readers
// pass over, or the tag after the last frame of an MP3. Everything else could break, and gets a sidecar: FLAC, Ogg
// and RIFF decoders complain of what follows the last frame, a gzip or plain tar stream warns, a text would show it.
constexpr KindTraits kKinds[] = {
    {FileKind::Jpeg, "image/jpeg", MarkForm::Xmp},
    {FileKind::Png, "image/png", MarkForm::Xmp},
    {FileKind::Tiff, "image/tiff", MarkForm::Xmp},
    {FileKind::WebP, "image/webp", MarkForm::Xmp},
    {FileKind::OtherImage, "application/octet-stream", MarkForm::Sidecar},
    {FileKind::Pdf, "application/pdf", MarkForm::Xmp},
    {FileKind::Mp4, "video/mp4", MarkForm::Trailer},
    {FileKind::Mp3, "audio/mpeg", MarkForm::Trailer},
    {FileKind::Recording, "application/octet-stream", MarkForm::Sidecar},
    {FileKind::Zip, "application/zip", MarkForm::Trailer},
    {FileKind::Tar, "application/x-tar", MarkForm::Sidecar},
    {FileKind::Unknown, "application/octet-stream", MarkForm::Sidecar},
};

struct Beginning {
    FileKind kind;
    std::size_t offset;
    std::string_view bytes;
};
constexpr Beginning kBeginnings[] = {
    {FileKind::Jpeg, 0, "\xff\xd8\xff"sv}, {FileKind::Png, 0, "\x89PNG\r\n\x1a\n"sv},
    {FileKind::Tiff, 0, "II*\0"sv},        {FileKind::Tiff, 0, "MM\0*"sv},
    {FileKind::WebP, 8, "WEBP"sv},         {FileKind::OtherImage, 0, "GIF8"sv},
    {FileKind::OtherImage, 0, "BM"sv},     {FileKind::OtherImage, 0, "<svg"sv},
    {FileKind::Pdf, 0, "%PDF-"sv},         {FileKind::Mp4, 4, "ftyp"sv},
    {FileKind::Mp3, 0, "ID3"sv},           {FileKind::Mp3, 0, "\xff\xfb"sv},
    {FileKind::Mp3, 0, "\xff\xf3"sv},      {FileKind::Mp3, 0, "\xff\xf2"sv},
    {FileKind::Recording, 0, "fLaC"sv},    {FileKind::Recording, 0, "OggS"sv},
    {FileKind::Recording, 8, "WAVE"sv},    {FileKind::Recording, 8, "AVI "sv},
    {FileKind::Recording, 8, "AIFF"sv},    {FileKind::Recording, 0, "\x1a\x45\xdf\xa3"sv}, // Matroska and WebM
    {FileKind::Zip, 0, "PK\x03\x04"sv},    {FileKind::Zip, 0, "PK\x05\x06"sv},             // empty
    {FileKind::Tar, 257, "ustar"sv},
};

} // namespace

FileKind kindOf(const Input& input) {
    const Bytes start = input.read(0, 1024);
    const std::string text = textOf(start);
    for (const Beginning& beginning : kBeginnings) {
        if (text.size() > beginning.offset &&
            std::string_view(text).substr(beginning.offset).starts_with(beginning.bytes)) {
            return beginning.kind;
        }
    }
    if (text.starts_with("<?xml") && text.find("<svg") != std::string::npos) return FileKind::OtherImage;
    return FileKind::Unknown;
}

const KindTraits& traitsOf(FileKind kind) {
    const auto found = std::ranges::find(kKinds, kind, &KindTraits::kind);
    assert(found != std::end(kKinds));
    return *found;
}

} // namespace tallylock::media
