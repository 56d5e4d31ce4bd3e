#include "ui/sell/FileLook.h"

#include "ui/kit/PreviewPicture.h"
#include "ui/kit/ProblemText.h"

#include <QBuffer>
#include <QFile>
#include <QFileInfo>
#include <QMimeDatabase>
#include <QPainter>
#include <QStringDecoder>

#include <algorithm>

namespace tallylock::ui {
namespace {

constexpr qint64 kTextSample = 64 * 1024;

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

QImage imageOf(const api::Pixels& pixels) {
    if (pixels.width == 0 || pixels.width > api::kLookSide || pixels.height == 0 || pixels.height > api::kLookSide ||
        pixels.rgba.size() != std::size_t{4} * pixels.width * pixels.height) {
        return {};
    }
    return QImage(pixels.rgba.data(), static_cast<int>(pixels.width), static_cast<int>(pixels.height),
                  static_cast<qsizetype>(pixels.width) * 4, QImage::Format_RGBA8888)
        .copy();
}

void addFound(FileLook& look, const api::Answer<api::FileLook>& found) {
    if (!found) {
        look.pictureTrouble = problemText(found.error());
        return;
    }
    look.picture = imageOf(found->picture);
    look.markForm = found->markForm;
    look.marked = found->marked;
    if (!found->trouble.empty()) {
        for (int i = 0; i < static_cast<int>(api::Problem::kCount); ++i) {
            const auto problem = static_cast<api::Problem>(i);
            if (found->trouble == api::nameOf(problem)) look.pictureTrouble = problemText({problem, {}});
        }
    }
    if (!look.lines.isEmpty()) return;
    for (const std::string& line : found->lines) {
        const QString text = plainLine(line);
        look.lines << (text.size() > kPreviewColumns ? text.left(kPreviewColumns - 1) + QChar(0x2026) : text);
    }
}

QImage watermarked(const QImage& picture, const QString& words) {
    const QString text = words.simplified();
    if (picture.isNull() || text.isEmpty()) return picture;
    QImage image = picture.convertToFormat(QImage::Format_ARGB32_Premultiplied);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    QFont font = painter.font();
    font.setPixelSize(qMax(12, qMax(image.width(), image.height()) / 16));
    font.setBold(true);
    painter.setFont(font);
    const QFontMetrics metrics(font);
    const int step = metrics.horizontalAdvance(text) + 2 * metrics.height();
    const int reach = image.width() + image.height();
    painter.translate(image.rect().center());
    painter.rotate(-30);
    for (int row = -reach / (3 * metrics.height()); row <= reach / (3 * metrics.height()); ++row) {
        for (int x = -reach - (row & 1) * step / 2; x < reach; x += step) {
            const QPoint at(x, row * 3 * metrics.height());
            painter.setPen(QColor(0, 0, 0, 90)); // to be read on light and on dark
            painter.drawText(at + QPoint(1, 1), text);
            painter.setPen(QColor(255, 255, 255, 130));
            painter.drawText(at, text);
        }
    }
    return image;
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
    look.lines = firstLines(sample);
    look.isText = !look.lines.isEmpty();
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
