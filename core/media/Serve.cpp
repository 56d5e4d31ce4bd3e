#include "core/media/Serve.h"

#include "core/media/ArchiveLook.h"
#include "core/media/FileKind.h"
#include "core/media/ImageLook.h"
#include "core/media/PdfMark.h"
#include "core/media/RecordingLook.h"
#include "core/media/TrailerMark.h"
#include "core/media/XmpMark.h"

#include <cerrno>
#include <new>
#include <unistd.h>

namespace tallylock::media {
namespace {

using asset::MarkForm;
using ports::MediaAnswer;
using ports::MediaJob;
using ports::MediaLook;
using ports::MediaTask;

MediaAnswer failed(MediaError error) {
    MediaAnswer answer;
    answer.error = error;
    return answer;
}

/// Runs out of memory where the sandbox ends it, or stumbles, without taking the rest of the look along.
template <class Work>
auto guarded(Work work) -> decltype(work()) {
    try {
        return work();
    } catch (const std::bad_alloc&) {
        return Err(MediaError::TooLarge);
    } catch (const std::exception&) {
        return Err(MediaError::Damaged);
    }
}

Outcome<Bytes> findMark(Input& input, FileKind kind) {
    const bool inMetadata = traitsOf(kind).markForm == MarkForm::Xmp;
    const auto whole = inMetadata ? input.whole() : Outcome<ByteView>(ByteView());
    auto found = !inMetadata ? Outcome<Bytes>(Bytes())
                 : !whole    ? Outcome<Bytes>(Err(whole.error()))
                             : guarded([&] { return kind == FileKind::Pdf ? markInPdf(*whole) : markInImage(*whole); });
    if (found && !found->empty()) return found;
    auto atEnd = markAtEnd(input);
    return !atEnd || !atEnd->empty() ? atEnd : found;
}

/// Either a splice, or the whole copy.
struct Marked {
    std::optional<ports::MediaSplice> splice;
    Bytes whole;
};
Outcome<Marked> marked(Input& input, FileKind kind, ByteView mark) {
    if (traitsOf(kind).markForm == MarkForm::Xmp) {
        const auto whole = input.whole();
        if (!whole) return Err(whole.error());
        auto copy =
            guarded([&] { return kind == FileKind::Pdf ? pdfWithMark(*whole, mark) : imageWithMark(*whole, mark); });
        if (!copy) return Err(copy.error());
        return Marked{std::nullopt, std::move(*copy)};
    }
    auto splice = trailerFor(input, kind, mark);
    if (!splice) return Err(splice.error());
    return Marked{std::move(*splice), {}};
}

void keep(MediaLook& look, Outcome<ports::Picture> picture) {
    if (picture)
        look.picture = std::move(*picture);
    else
        look.noPicture = picture.error();
}
void keep(MediaLook& look, Outcome<std::vector<std::string>> lines) {
    if (lines)
        look.lines = std::move(*lines);
    else
        look.noPicture = lines.error();
}
void keep(MediaLook& look, Outcome<RecordingLook> found) {
    if (!found) {
        look.noPicture = found.error();
        return;
    }
    look.picture = std::move(found->picture);
    look.lines = std::move(found->lines);
    if (!found->hasVideo && look.mediaType.starts_with("video/")) look.mediaType.replace(0, 5, "audio");
}

void lookByKind(MediaLook& look, Input& input, FileKind kind) {
    switch (kind) {
    case FileKind::Jpeg:
    case FileKind::Png:
    case FileKind::Tiff:
    case FileKind::WebP:
    case FileKind::OtherImage: return keep(look, guarded([&] { return lookAtImage(input); }));
    case FileKind::Pdf: return keep(look, guarded([&] { return lookAtPdf(input); }));
    case FileKind::Mp4:
    case FileKind::Mp3:
    case FileKind::Recording: return keep(look, guarded([&] { return lookAtRecording(input); }));
    case FileKind::Zip: return keep(look, guarded([&] { return listZip(input); }));
    case FileKind::Tar: return keep(look, guarded([&] { return listTar(input); }));
    case FileKind::Unknown: return;
    }
}

/// The form that `marked` would give, found by trying it with a mark of the usual size.
MarkForm formFor(Input& input, FileKind kind) {
    const Bytes sample(1024, 0x55);
    return marked(input, kind, sample) ? traitsOf(kind).markForm : MarkForm::Sidecar;
}

MediaAnswer look(Input& input) {
    const FileKind kind = kindOf(input);
    MediaAnswer answer;
    answer.look.emplace();
    answer.look->mediaType = traitsOf(kind).mediaType;
    lookByKind(*answer.look, input, kind);
    answer.look->markForm = formFor(input, kind);
    const auto mark = findMark(input, kind);
    answer.look->marked = mark && !mark->empty();
    return answer;
}

bool writeAll(int descriptor, ByteView bytes) {
    while (!bytes.empty()) {
        const auto count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return true;
}

MediaAnswer writeMarked(const MediaJob& job, Input& input, int output) {
    auto copy = marked(input, kindOf(input), job.mark);
    if (!copy) return failed(copy.error());
    MediaAnswer answer;
    answer.splice = std::move(copy->splice);
    if (!answer.splice && !writeAll(output, copy->whole)) return failed(MediaError::Unreadable);
    return answer;
}

MediaAnswer foundMark(Input& input) {
    auto found = findMark(input, kindOf(input));
    if (!found) return failed(found.error());
    MediaAnswer answer;
    answer.mark = std::move(*found);
    return answer;
}

} // namespace

void warmUp() {
    warmUpXmp();
    warmUpImages();
    warmUpRecordings();
}

MediaAnswer perform(const MediaJob& job, Input& input, int output) {
    switch (job.task) {
    case MediaTask::Look: return look(input);
    case MediaTask::Mark: return writeMarked(job, input, output);
    case MediaTask::FindMark: return foundMark(input);
    case MediaTask::kCount: break;
    }
    return failed(MediaError::NotSupported);
}

int serve() {
    Bytes bytes(ports::kMaxMediaJob + 1);
    std::size_t size = 0;
    while (size < bytes.size()) {
        const auto count = ::read(ports::kMediaJobFd, bytes.data() + size, bytes.size() - size);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        size += static_cast<std::size_t>(count);
    }
    const auto job = decodeCbor<MediaJob>(ByteView(bytes).first(size));
    if (!job) return 1;
    Input input(ports::kMediaInputFd);
    return writeAll(ports::kMediaAnswerFd, encodeCbor(perform(*job, input, ports::kMediaOutputFd))) ? 0 : 1;
}

} // namespace tallylock::media
