#include "app/embedded/SampleAsset.h"

namespace tallylock::app {

SampleAsset sampleText() {
    SampleAsset asset;
    asset.fileName = "practice-notes.txt";
    asset.name = "Practice notes";
    asset.description = "A practice listing: a short text that was made by this program. It is worth nothing.";
    asset.mediaType = "text/plain";
    const std::string preview = "Practice notes\n\n1. The seller seals the file before anybody can buy it.\n";
    std::string text = preview;
    text += "2. The buyer pays; the money waits in escrow.\n"
            "3. The key server sees that the seller is paid.\n"
            "4. The key comes in two parts, over two channels.\n"
            "5. Only both parts together open the file. You are reading it, so both have arrived.\n\n";
    for (int line = 1; line <= 200; ++line) text += "Practice line " + std::to_string(line) + " of 200.\n";
    asset.content = bytesOf(text);
    asset.preview = {"text/plain", bytesOf(preview)};
    asset.priceDollars = 20;
    return asset;
}

static void putLittleEndian(Bytes& to, std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) to.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

/// A picture of rings in the BMP format: 24 bits a pixel, rows from the bottom, each a multiple of four bytes.
static Bytes ringPicture(std::uint32_t width, std::uint32_t height) {
    constexpr std::uint32_t kHeader = 54;
    const std::uint32_t rowBytes = (width * 3 + 3) / 4 * 4;
    Bytes picture = bytesOf("BM");
    putLittleEndian(picture, kHeader + rowBytes * height, 4);
    putLittleEndian(picture, 0, 4);
    putLittleEndian(picture, kHeader, 4);
    putLittleEndian(picture, 40, 4);
    putLittleEndian(picture, width, 4);
    putLittleEndian(picture, height, 4);
    putLittleEndian(picture, 1, 2);
    putLittleEndian(picture, 24, 2);
    for (int field = 0; field < 6; ++field) putLittleEndian(picture, 0, 4);
    for (std::uint32_t y = 0; y < height; ++y) {
        for (std::uint32_t x = 0; x < width; ++x) {
            // In hundredths of the picture's size, so that every size shows the same rings.
            const auto dx = static_cast<std::int32_t>(x * 200 / width) - 100;
            const auto dy = static_cast<std::int32_t>(y * 200 / height) - 100;
            const auto ring = static_cast<std::uint32_t>((dx * dx + dy * dy) / 900);
            picture.push_back(static_cast<std::uint8_t>(ring % 2 == 0 ? 150 : 90));  // blue
            picture.push_back(static_cast<std::uint8_t>(ring % 2 == 0 ? 110 : 160)); // green
            picture.push_back(static_cast<std::uint8_t>(40 + ring * 9 % 160));       // red
        }
        picture.resize(picture.size() + rowBytes - width * 3);
    }
    return picture;
}

SampleAsset samplePicture() {
    SampleAsset asset;
    asset.fileName = "practice-rings.bmp";
    asset.name = "Practice rings";
    asset.description = "A practice listing: a small picture that was made by this program. It is worth nothing.";
    asset.mediaType = "image/bmp";
    asset.content = ringPicture(640, 480);
    asset.preview = {"image/bmp", ringPicture(120, 90)};
    asset.priceDollars = 35;
    return asset;
}

} // namespace tallylock::app
