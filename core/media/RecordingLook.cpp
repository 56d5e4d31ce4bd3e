#include "core/media/RecordingLook.h"

#include "core/asset/Text.h"
#include "core/media/ImageLook.h"

#include <algorithm>
#include <cstdio>
#include <memory>
extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>
}

namespace tallylock::media {
namespace {

constexpr int kAvBuffer = 64 * 1024;
constexpr std::int64_t kProbeBytes = 8 << 20;
constexpr int kMaxFramesTried = 300;
constexpr std::size_t kMaxTag = 200;

/// Reads an Input for libav.
struct Reader {
    const Input& input;
    std::int64_t at = 0;

    static int read(void* self, std::uint8_t* to, int size) {
        auto& reader = *static_cast<Reader*>(self);
        const Bytes bytes = reader.input.read(static_cast<std::uint64_t>(reader.at), static_cast<std::size_t>(size));
        if (bytes.empty()) return AVERROR_EOF;
        std::copy(bytes.begin(), bytes.end(), to);
        reader.at += static_cast<std::int64_t>(bytes.size());
        return static_cast<int>(bytes.size());
    }
    static std::int64_t seek(void* self, std::int64_t offset, int whence) {
        auto& reader = *static_cast<Reader*>(self);
        const auto size = static_cast<std::int64_t>(reader.input.size());
        if ((whence & AVSEEK_SIZE) != 0) return size;
        if (whence == SEEK_CUR) offset += reader.at;
        if (whence == SEEK_END) offset += size;
        if (offset < 0) return AVERROR(EINVAL);
        return reader.at = offset;
    }
};

struct FreeContainer {
    void operator()(AVFormatContext* context) const {
        AVIOContext* io = context->pb;
        avformat_close_input(&context);
        if (io) av_freep(&io->buffer);
        avio_context_free(&io);
    }
};
using Container = std::unique_ptr<AVFormatContext, FreeContainer>;
struct FreeCodec {
    void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
};
using Codec = std::unique_ptr<AVCodecContext, FreeCodec>;
struct FreeFrame {
    void operator()(AVFrame* frame) const { av_frame_free(&frame); }
};
using Frame = std::unique_ptr<AVFrame, FreeFrame>;
struct FreePacket {
    void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};
using Packet = std::unique_ptr<AVPacket, FreePacket>;

Container openContainer(Reader& reader) {
    AVFormatContext* context = avformat_alloc_context();
    if (!context) return nullptr;
    auto* buffer = static_cast<std::uint8_t*>(av_malloc(kAvBuffer));
    context->pb = avio_alloc_context(buffer, kAvBuffer, 0, &reader, Reader::read, nullptr, Reader::seek);
    context->flags |= AVFMT_FLAG_CUSTOM_IO;
    context->probesize = kProbeBytes;
    context->max_analyze_duration = 5 * AV_TIME_BASE;
    AVIOContext* io = context->pb;
    if (avformat_open_input(&context, nullptr, nullptr, nullptr) != 0) { // frees the context on failure
        if (io) av_freep(&io->buffer);
        avio_context_free(&io);
        return nullptr;
    }
    return Container(context);
}

std::string tagOf(const AVFormatContext& container, const char* name) {
    const AVDictionaryEntry* entry = av_dict_get(container.metadata, name, nullptr, 0);
    for (unsigned i = 0; !entry && i < container.nb_streams; ++i)
        entry = av_dict_get(container.streams[i]->metadata, name, nullptr, 0); // where Ogg has them
    std::string text = entry ? entry->value : "";
    std::ranges::replace(text, '\n', ' ');
    if (text.size() > kMaxTag || !asset::isUtf8Text(text)) return {};
    return text;
}

std::string lengthText(std::int64_t durationUs) {
    const std::int64_t seconds = (durationUs + AV_TIME_BASE / 2) / AV_TIME_BASE;
    char text[32];
    if (seconds >= 3600) {
        std::snprintf(text, sizeof text, "%d:%02d:%02d", static_cast<int>(seconds / 3600),
                      static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
    } else {
        std::snprintf(text, sizeof text, "%d:%02d", static_cast<int>(seconds / 60), static_cast<int>(seconds % 60));
    }
    return text;
}

Codec openCodec(const AVStream& stream) {
    const AVCodec* decoder = avcodec_find_decoder(stream.codecpar->codec_id);
    if (!decoder) return nullptr;
    Codec codec(avcodec_alloc_context3(decoder));
    if (!codec || avcodec_parameters_to_context(codec.get(), stream.codecpar) < 0) return nullptr;
    codec->thread_count = 1;
    codec->max_pixels = kMaxPixels;
    if (avcodec_open2(codec.get(), decoder, nullptr) < 0) return nullptr;
    return codec;
}

std::optional<ports::Picture> pictureOfFrame(const AVFrame& frame) {
    if (frame.width <= 0 || frame.height <= 0) return std::nullopt;
    const int longer = std::max(frame.width, frame.height);
    const int side = std::min(longer, static_cast<int>(ports::kMaxLookSide));
    const int width = std::max(1, static_cast<int>(std::int64_t{frame.width} * side / longer));
    const int height = std::max(1, static_cast<int>(std::int64_t{frame.height} * side / longer));
    SwsContext* scaler = sws_getContext(frame.width, frame.height, static_cast<AVPixelFormat>(frame.format), width,
                                        height, AV_PIX_FMT_RGBA, SWS_BICUBIC, nullptr, nullptr, nullptr);
    if (!scaler) return std::nullopt;
    QImage image(width, height, QImage::Format_RGBA8888); // has lines of whole words, as the scaler wants
    std::uint8_t* lines[] = {image.bits()};
    const int strides[] = {static_cast<int>(image.bytesPerLine())};
    const int done = sws_scale(scaler, frame.data, frame.linesize, 0, frame.height, lines, strides);
    sws_freeContext(scaler);
    if (done != height) return std::nullopt;
    return pictureOf(image);
}

std::optional<ports::Picture> posterOf(AVFormatContext& container, int index) {
    const AVStream& stream = *container.streams[index];
    const Codec codec = openCodec(stream);
    const Frame frame(av_frame_alloc());
    const Frame next(av_frame_alloc());
    const Packet packet(av_packet_alloc());
    if (!codec || !frame || !next || !packet) return std::nullopt;
    // The beginning is often black. A search ends at a key frame, which may be that beginning: go on from there.
    const std::int64_t at = std::clamp<std::int64_t>(container.duration / 10, 0, 10 * std::int64_t{AV_TIME_BASE});
    if (at > 0 && av_seek_frame(&container, -1, at, AVSEEK_FLAG_BACKWARD) < 0)
        (void)av_seek_frame(&container, -1, 0, 0);
    const std::int64_t start = stream.start_time == AV_NOPTS_VALUE ? 0 : stream.start_time;
    const std::int64_t wanted = start + av_rescale_q(at, AVRational{1, AV_TIME_BASE}, stream.time_base);
    bool found = false;
    for (int tried = 0; tried < kMaxFramesTried && av_read_frame(&container, packet.get()) >= 0; ++tried) {
        const bool sent = packet->stream_index == index && avcodec_send_packet(codec.get(), packet.get()) == 0;
        av_packet_unref(packet.get());
        if (!sent || avcodec_receive_frame(codec.get(), next.get()) != 0) continue;
        av_frame_unref(frame.get());
        av_frame_move_ref(frame.get(), next.get());
        found = true;
        if (frame->best_effort_timestamp == AV_NOPTS_VALUE || frame->best_effort_timestamp >= wanted) break;
    }
    if (!found) {
        avcodec_send_packet(codec.get(), nullptr); // what is still inside
        found = avcodec_receive_frame(codec.get(), frame.get()) == 0;
    }
    return found ? pictureOfFrame(*frame) : std::nullopt;
}

} // namespace

Outcome<RecordingLook> lookAtRecording(const Input& input) {
    Reader reader{input};
    const Container container = openContainer(reader);
    if (!container || avformat_find_stream_info(container.get(), nullptr) < 0) return Err(MediaError::Damaged);
    RecordingLook look;
    int video = -1;
    for (unsigned i = 0; i < container->nb_streams; ++i) {
        const AVStream& stream = *container->streams[i];
        const AVPacket& cover = stream.attached_pic;
        if ((stream.disposition & AV_DISPOSITION_ATTACHED_PIC) != 0) {
            if (look.picture || cover.size <= 0) continue;
            auto picture = lookAtImage(ByteView(cover.data, static_cast<std::size_t>(cover.size)));
            if (picture) look.picture = std::move(*picture);
        } else if (video < 0 && stream.codecpar->codec_type == AVMEDIA_TYPE_VIDEO) {
            video = static_cast<int>(i);
        }
    }
    look.hasVideo = video >= 0;
    if (const std::string title = tagOf(*container, "title"); !title.empty()) look.lines.push_back(title);
    if (const std::string artist = tagOf(*container, "artist"); !artist.empty()) look.lines.push_back(artist);
    if (container->duration > 0) look.lines.push_back(lengthText(container->duration));
    if (look.hasVideo && !look.picture) look.picture = posterOf(*container, video);
    return look;
}

void warmUpRecordings() { av_log_set_level(AV_LOG_QUIET); }

} // namespace tallylock::media
