#include "core/media/ImageLook.h"

#include <QBuffer>
#include <QImageReader>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <limits>
#include <poppler-qt6.h>

namespace tallylock::media {

static constexpr int kSide = static_cast<int>(ports::kMaxLookSide);
static constexpr int kMaxImageMiB = 900; // 100 megapixels of 64 bits

static QSize fitted(QSize size) {
    if (std::max(size.width(), size.height()) <= kSide) return size;
    return size.scaled(kSide, kSide, Qt::KeepAspectRatio).expandedTo(QSize(1, 1));
}

ports::Picture pictureOf(const QImage& image) {
    const QSize size = fitted(image.size());
    const QImage small =
        (size == image.size() ? image : image.scaled(size, Qt::IgnoreAspectRatio, Qt::SmoothTransformation))
            .convertToFormat(QImage::Format_RGBA8888);
    ports::Picture picture;
    picture.width = static_cast<std::uint32_t>(small.width());
    picture.height = static_cast<std::uint32_t>(small.height());
    for (int y = 0; y < small.height(); ++y)
        append(picture.rgba, {small.constScanLine(y), static_cast<std::size_t>(small.width()) * 4});
    return picture;
}

Outcome<ports::Picture> lookAtImage(ByteView bytes) {
    if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return Err(MediaError::TooLarge);
    QByteArray raw =
        QByteArray::fromRawData(reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size()));
    QBuffer buffer(&raw);
    buffer.open(QIODevice::ReadOnly);
    QImageReader::setAllocationLimit(kMaxImageMiB);
    QImageReader reader(&buffer);
    reader.setDecideFormatFromContent(true);
    reader.setAutoTransform(true);
    if (!reader.canRead()) return Err(MediaError::NotSupported);
    const QSize size = reader.size(); // from the header
    if (std::int64_t{size.width()} * size.height() > kMaxPixels) return Err(MediaError::TooLarge);
    if (!size.isEmpty() && fitted(size) != size) reader.setScaledSize(fitted(size));
    const QImage image = reader.read();
    if (image.isNull()) return Err(MediaError::Damaged);
    return pictureOf(image);
}

Outcome<ports::Picture> lookAtImage(Input& input) {
    const auto bytes = input.whole();
    if (!bytes) return Err(bytes.error());
    return lookAtImage(*bytes);
}

Outcome<ports::Picture> lookAtPdf(Input& input) {
    const auto bytes = input.whole();
    if (!bytes) return Err(bytes.error());
    const auto document = Poppler::Document::loadFromData(
        QByteArray::fromRawData(reinterpret_cast<const char*>(bytes->data()), static_cast<qsizetype>(bytes->size())));
    if (!document) return Err(MediaError::Damaged);
    if (document->isLocked()) return Err(MediaError::Locked);
    document->setRenderHint(Poppler::Document::Antialiasing);
    document->setRenderHint(Poppler::Document::TextAntialiasing);
    const std::unique_ptr<Poppler::Page> page = document->page(0);
    if (!page) return Err(MediaError::Damaged);
    const QSizeF points = page->pageSizeF();
    const double longer = std::max(points.width(), points.height());
    if (!std::isfinite(longer) || longer < 1 || std::min(points.width(), points.height()) <= 0) {
        return Err(MediaError::Damaged);
    }
    // However large the page says it is, only so many pixels are painted.
    const double dotsPerInch = 72.0 * kSide / longer;
    const int width = std::clamp(static_cast<int>(std::lround(points.width() * kSide / longer)), 1, kSide);
    const int height = std::clamp(static_cast<int>(std::lround(points.height() * kSide / longer)), 1, kSide);
    const QImage image = page->renderToImage(dotsPerInch, dotsPerInch, 0, 0, width, height);
    if (image.isNull()) return Err(MediaError::Damaged);
    return pictureOf(image);
}

void warmUpImages() {
    // Asking about something that is no picture loads all the plugins.
    QByteArray nothing("nothing");
    QBuffer buffer(&nothing);
    buffer.open(QIODevice::ReadOnly);
    QImageReader reader(&buffer);
    reader.setDecideFormatFromContent(true);
    (void)reader.canRead();
    // A letter loads the default font, which a drawing may ask for.
    QImage image(16, 16, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.drawText(0, 12, QStringLiteral("a"));
    painter.end();
    (void)Poppler::Document::loadFromData("%PDF-1.4\n%%EOF\n");
}

} // namespace tallylock::media
