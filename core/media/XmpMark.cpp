#include "core/media/XmpMark.h"

#include <exiv2/exiv2.hpp>

namespace tallylock::media {

static constexpr const char* kMarkNamespace = "urn:tallylock:mark:1#";
static constexpr const char* kMarkPrefix = "tallylock";
static constexpr const char* kMarkProperty = "Xmp.tallylock.Mark";
// More metadata than any program writes; a mark is far smaller.
static constexpr std::size_t kMaxPacket = std::size_t{8} << 20;

static Bytes markInXmp(const Exiv2::XmpData& data) {
    const auto found = data.findKey(Exiv2::XmpKey(kMarkProperty));
    if (found == data.end()) return {};
    // What somebody else wrote there is a damaged mark, which readMark will say.
    const std::string text = found->toString();
    auto mark = asset::markOfText(text);
    return mark ? std::move(mark).value() : Bytes{0};
}

Outcome<std::string> packetWithMark(const std::string& packet, ByteView mark) {
    if (packet.size() > kMaxPacket) return Err(MediaError::TooLarge);
    Exiv2::XmpData data;
    if (!packet.empty() && Exiv2::XmpParser::decode(data, packet) != 0) return Err(MediaError::NotSupported);
    data[kMarkProperty] = asset::markText(mark);
    std::string written;
    if (Exiv2::XmpParser::encode(written, data) != 0) return Err(MediaError::NotSupported);
    return written;
}

Bytes markInPacket(const std::string& packet) {
    Exiv2::XmpData data;
    if (packet.size() > kMaxPacket || Exiv2::XmpParser::decode(data, packet) != 0) return {};
    return markInXmp(data);
}

Outcome<Bytes> imageWithMark(ByteView bytes, ByteView mark) {
    try {
        const auto image = Exiv2::ImageFactory::open(bytes.data(), static_cast<long>(bytes.size()));
        image->readMetadata();
        image->xmpData()[kMarkProperty] = asset::markText(mark);
        image->writeXmpFromPacket(false);
        image->writeMetadata();
        Exiv2::BasicIo& io = image->io();
        const auto* data = io.mmap();
        Bytes marked(data, data + io.size());
        io.munmap();
        return marked;
    } catch (const Exiv2::AnyError& error) {
        if (error.code() == Exiv2::kerTooLargeJpegSegment) return Err(MediaError::TooLarge);
        return Err(MediaError::NotSupported);
    }
}

Outcome<Bytes> markInImage(ByteView bytes) {
    try {
        const auto image = Exiv2::ImageFactory::open(bytes.data(), static_cast<long>(bytes.size()));
        image->readMetadata();
        return markInXmp(image->xmpData());
    } catch (const Exiv2::AnyError&) {
        return Err(MediaError::Damaged);
    }
}

void warmUpXmp() {
    Exiv2::LogMsg::setLevel(Exiv2::LogMsg::mute);
    Exiv2::XmpParser::initialize();
    Exiv2::XmpProperties::registerNs(kMarkNamespace, kMarkPrefix);
    (void)packetWithMark({}, {});
}

} // namespace tallylock::media
