#include "ui/sell/FileLook.h"

#include <QBuffer>
#include <QFile>
#include <QFileInfo>
#include <QImageReader>
#include <QMimeDatabase>
#include <QStringDecoder>

#include <algorithm>

namespace tallylock::ui {
namespace {

constexpr qint64 kTextSample = 64 * 1024;
constexpr qint64 kMaxPixels = 100'000'000;

/// Nothing if the bytes are not text. A letter cut in two at the end of the sample is forgiven.
QStringList firstLines(const QByteArray& sample) {
    if (sample.isEmpty() || sample.contains('\0')) return {};
    QStringDecoder decoder(QStringDecoder::Utf8);
    const QString text = decoder.decode(sample);
    if (decoder.hasError()) return {};
    QStringList lines;
    const QStringList all = text.split(QLatin1Char('\n'));
    for (QString line : all) {
        if (lines.size() == kPreviewLines) break;
        while (line.endsWith(QLatin1Char('\r')) || line.endsWith(QLatin1Char(' '))) line.chop(1);
        if (line.size() > kPreviewColumns) line = line.left(kPreviewColumns - 1) + QChar(0x2026);
        lines << line;
    }
    while (!lines.isEmpty() && lines.last().isEmpty()) lines.removeLast();
    return lines;
}

Bytes encoded(const QImage& picture, const char* format, int quality) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    picture.save(&buffer, format, quality);
    return {bytes.begin(), bytes.end()};
}

} // namespace

QImage smallPicture(const QString& path) {
    QImageReader reader(path);
    reader.setDecideFormatFromContent(true);
    reader.setAutoTransform(true);
    const QSize size = reader.size(); // from the header
    if (!reader.canRead() || size.isEmpty() || qint64(size.width()) * size.height() > kMaxPixels) return {};
    if (qMax(size.width(), size.height()) > kPreviewSide)
        reader.setScaledSize(size.scaled(kPreviewSide, kPreviewSide, Qt::KeepAspectRatio).expandedTo(QSize(1, 1)));
    return reader.read();
}

FileLook lookAt(const QString& path) {
    FileLook look;
    look.path = path;
    const QFileInfo info(path);
    look.name = info.fileName();
    const auto failed = [&](FileTrouble trouble, const QString& detail = {}) {
        look.trouble = trouble;
        look.detail = detail;
        return look;
    };
    if (!info.exists()) return failed(FileTrouble::Missing);
    if (!info.isFile()) return failed(FileTrouble::NotAFile);
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return failed(FileTrouble::Unreadable, file.errorString());
    look.sizeBytes = static_cast<std::uint64_t>(file.size());
    const QByteArray sample = file.read(kTextSample);
    if (file.error() != QFile::NoError) return failed(FileTrouble::Unreadable, file.errorString());
    if (sample.isEmpty()) return failed(FileTrouble::Empty);

    const QMimeType type = QMimeDatabase().mimeTypeForFile(info);
    look.mediaType = type.name();
    if (type.name().startsWith(QLatin1String("image/"))) look.picture = smallPicture(path);
    if (look.picture.isNull()) look.lines = firstLines(sample);
    return look;
}

api::Preview previewOf(const QImage& picture) {
    if (picture.isNull()) return {};
    QImage shrunk = picture;
    for (int side = kPreviewSide; side >= 64; side /= 2) {
        if (qMax(shrunk.width(), shrunk.height()) > side)
            shrunk = shrunk.scaled(side, side, Qt::KeepAspectRatio, Qt::SmoothTransformation);
        // A fresh image has no metadata of the original.
        QImage bare(shrunk.size(), shrunk.hasAlphaChannel() ? QImage::Format_ARGB32 : QImage::Format_RGB32);
        const QImage pixels = shrunk.convertToFormat(bare.format());
        for (int y = 0; y < bare.height(); ++y)
            std::copy_n(pixels.constScanLine(y), static_cast<std::size_t>(bare.width()) * 4, bare.scanLine(y));
        Bytes png = encoded(bare, "PNG", -1);
        if (png.size() <= kPreviewBytes) return {"image/png", std::move(png)};
        if (!bare.hasAlphaChannel()) {
            Bytes jpeg = encoded(bare, "JPEG", 85);
            if (!jpeg.empty() && jpeg.size() <= kPreviewBytes) return {"image/jpeg", std::move(jpeg)};
        }
    }
    return {};
}

api::Preview previewOf(const QStringList& lines, int count) {
    const QByteArray text = lines.mid(0, qMax(0, count)).join(QLatin1Char('\n')).toUtf8();
    if (text.isEmpty()) return {};
    return {"text/plain", Bytes(text.begin(), text.end())};
}

} // namespace tallylock::ui
