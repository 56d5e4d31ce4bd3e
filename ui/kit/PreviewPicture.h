// Pictures of previews: bytes of another person, so they are decoded with limits, or shown as a plain file card.
#pragma once

#include "core/api/Rows.h"

#include <QImage>
#include <QPainter>
#include <QRect>
#include <QString>
#include <QWidget>

namespace tallylock::ui {

/// A null image unless the preview is a PNG or JPEG of at most 1024 x 1024 and 256 KiB.
QImage previewImage(const api::Preview& preview);
/// The lines of a text preview without control characters; empty if it is not one.
QString previewText(const api::Preview& preview);
/// "PDF", "ZIP", "TXT": what the file card says. From the name's ending, else from the media type.
QString fileKindLabel(const QString& name, const QString& mediaType);
/// Where a tracking mark is carried, for people; "none" for None.
QString markFormText(api::MarkForm form);
/// Remote text as one line: control and direction marks out, runs of space to one.
QString plainLine(const std::string& text);
/// The same, keeping line breaks.
QString plainParagraphs(const std::string& text);

/// What a painter needs to draw one preview. Made once, drawn often.
struct PreviewFace {
    QImage image;
    QString text;
    QString label;

    static PreviewFace of(const api::Preview& preview, const QString& name, const QString& mediaType);
    enum class Fit : std::uint8_t { Whole, Filling };
    /// Fills `rect` with the picture (centred: whole, or cut so that nothing stays empty), the first lines, or a file
    /// card.
    void paint(QPainter& painter, const QRect& rect, const QPalette& palette, int radius = 6,
               Fit fit = Fit::Whole) const;
};

/// Shows one preview, as large as it is let.
class PreviewPicture : public QWidget {
    Q_OBJECT

public:
    explicit PreviewPicture(QWidget* parent = nullptr);
    void setFace(PreviewFace face);
    QSize sizeHint() const override { return {360, 270}; }
    QSize minimumSizeHint() const override { return {160, 120}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    PreviewFace m_face;
};

} // namespace tallylock::ui
