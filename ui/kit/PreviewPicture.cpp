#include "ui/kit/PreviewPicture.h"

#include "ui/kit/Theme.h"

#include <QBuffer>
#include <QFileInfo>
#include <QFontDatabase>
#include <QImageReader>
#include <QMimeDatabase>
#include <QPainterPath>

namespace tallylock::ui {
namespace {

constexpr int kMaxSide = 1024;
constexpr std::size_t kMaxBytes = 256 * 1024;

bool isHarmful(QChar c) {
    if (c == QChar(0x200c) || c == QChar(0x200d)) return false; // joiners, which Persian, Hindi and others need
    switch (c.category()) {
    case QChar::Other_Control:
    case QChar::Other_Format: // direction marks, zero-width spaces
    case QChar::Other_Surrogate:
    case QChar::Other_NotAssigned:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph: return true;
    default: return false;
    }
}

QString cleaned(const QString& text, bool keepLines) {
    QString out;
    out.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        if (keepLines && c == QLatin1Char('\n'))
            out += c;
        else if (c == QLatin1Char('\t'))
            out += QLatin1String("    ");
        else if (c.isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate())
            out += c, out += text[++i];
        else if (!isHarmful(c))
            out += c;
        else if (c.isSpace())
            out += QLatin1Char(' ');
    }
    return out;
}

QString fromUtf8(const std::string& text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

void paintText(QPainter& painter, const QRect& rect, const QPalette& palette, const QString& text) {
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setPixelSize(qBound(7, rect.height() / 14, 13));
    painter.setFont(font);
    painter.setPen(palette.color(QPalette::Text));
    const int margin = qMax(4, rect.height() / 16);
    painter.drawText(rect.adjusted(margin, margin, -margin, -margin), Qt::AlignLeft | Qt::AlignTop, text);
}

/// A sheet of paper with a folded corner and the kind of file on it.
void paintCard(QPainter& painter, const QRect& rect, const QPalette& palette, const QString& label) {
    const int height = qMin(rect.height() * 62 / 100, 150);
    const int width = height * 3 / 4;
    QRectF sheet(0, 0, width, height);
    sheet.moveCenter(QRectF(rect).center());
    const qreal fold = width * 0.28;
    QPainterPath path;
    path.moveTo(sheet.topLeft());
    path.lineTo(sheet.right() - fold, sheet.top());
    path.lineTo(sheet.right(), sheet.top() + fold);
    path.lineTo(sheet.bottomRight());
    path.lineTo(sheet.bottomLeft());
    path.closeSubpath();
    const QColor line = tintsOf(palette).muted;
    painter.setPen(QPen(line, 1.2));
    painter.setBrush(palette.color(QPalette::Base));
    painter.drawPath(path);
    painter.drawPolyline(QPolygonF({{sheet.right() - fold, sheet.top()},
                                    {sheet.right() - fold, sheet.top() + fold},
                                    {sheet.right(), sheet.top() + fold}}));
    QFont font = painter.font();
    font.setBold(true);
    font.setPixelSize(qMax(7, qMin(height / 5, label.isEmpty() ? 20 : width * 3 / 2 / static_cast<int>(label.size()))));
    painter.setFont(font);
    painter.setPen(tintsOf(palette).muted);
    painter.drawText(sheet.adjusted(2, fold, -2, -2), Qt::AlignCenter, label);
}

} // namespace

QImage previewImage(const api::Preview& preview) {
    const bool png = preview.mediaType == "image/png";
    if ((!png && preview.mediaType != "image/jpeg") || preview.bytes.size() > kMaxBytes) return {};
    QByteArray bytes(reinterpret_cast<const char*>(preview.bytes.data()), static_cast<qsizetype>(preview.bytes.size()));
    QBuffer buffer(&bytes);
    QImageReader reader(&buffer, png ? "png" : "jpeg");
    reader.setAutoDetectImageFormat(false);
    const QSize size = reader.size(); // from the header: nothing large is decoded
    if (!size.isValid() || size.width() > kMaxSide || size.height() > kMaxSide) return {};
    return reader.read();
}

QString previewText(const api::Preview& preview) {
    if (preview.mediaType != "text/plain" || preview.bytes.size() > kMaxBytes) return {};
    return plainParagraphs(textOf(preview.bytes));
}

QString fileKindLabel(const QString& name, const QString& mediaType) {
    QString label = QFileInfo(name).suffix();
    if (label.isEmpty() || label.size() > 5) label = QMimeDatabase().mimeTypeForName(mediaType).preferredSuffix();
    return label.left(5).toUpper();
}

QString markFormText(api::MarkForm form) {
    switch (form) {
    case api::MarkForm::Xmp: return PreviewPicture::tr("in the file's metadata");
    case api::MarkForm::Trailer: return PreviewPicture::tr("at the end of the file");
    case api::MarkForm::Sidecar: return PreviewPicture::tr("in a small file beside it");
    default: return PreviewPicture::tr("none");
    }
}

QString plainLine(const std::string& text) { return cleaned(fromUtf8(text), false).simplified(); }

QString plainParagraphs(const std::string& text) { return cleaned(fromUtf8(text), true); }

PreviewFace PreviewFace::of(const api::Preview& preview, const QString& name, const QString& mediaType) {
    return {previewImage(preview), previewText(preview), fileKindLabel(name, mediaType)};
}

void PreviewFace::paint(QPainter& painter, const QRect& rect, const QPalette& palette, int radius, Fit fit) const {
    painter.save();
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    QPainterPath frame;
    frame.addRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    const bool lines = image.isNull() && !text.isEmpty();
    painter.fillPath(frame, lines ? palette.color(QPalette::Base)
                                  : mixed(tintsOf(palette).line, palette.color(QPalette::Base), 0.35));
    painter.setClipPath(frame);
    if (!image.isNull()) {
        const auto mode = fit == Fit::Whole ? Qt::KeepAspectRatio : Qt::KeepAspectRatioByExpanding;
        QSize fitted = image.size().scaled(rect.size(), mode);
        if (fitted.width() > image.width() * 3) fitted = image.size() * 3; // a tiny picture stays one
        QRect target(QPoint(0, 0), fitted);
        target.moveCenter(rect.center());
        painter.drawImage(target, image);
    } else if (!text.isEmpty()) {
        paintText(painter, rect, palette, text);
    } else {
        paintCard(painter, rect, palette, label);
    }
    painter.setClipping(false);
    painter.setPen(tintsOf(palette).line);
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(frame);
    painter.restore();
}

PreviewPicture::PreviewPicture(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Preview"));
}

void PreviewPicture::setFace(PreviewFace face) {
    m_face = std::move(face);
    const QString what = !m_face.image.isNull() ? tr("Picture") : m_face.text.isEmpty() ? m_face.label : m_face.text;
    setAccessibleDescription(what);
    update();
}

void PreviewPicture::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    m_face.paint(painter, rect(), palette());
}

} // namespace tallylock::ui
