#include "ui/shell/FactorPicture.h"

#include "ui/kit/Theme.h"

#include <QPainter>

#include <qrencode.h>

#include <algorithm>

namespace tallylock::ui {

static constexpr int kSquare = 5; // pixels
static constexpr int kQuiet = 4;  // squares of margin all around: ISO/IEC 18004
static constexpr int kInGroup = 4;

FactorPicture::FactorPicture(QWidget* parent) : QWidget(parent) {
    setAccessibleName(tr("The secret of the authenticator"));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    hide();
}

void FactorPicture::setOffer(const api::FactorOffer& offer) {
    clear();
    m_letters = offer.base32;
    // Out of memory it is letters alone.
    QRcode* code = QRcode_encodeData(static_cast<int>(offer.uri->size()), offer.uri->data(), 0, QR_ECLEVEL_M);
    if (code) {
        const auto count = static_cast<std::size_t>(code->width) * static_cast<std::size_t>(code->width);
        for (std::size_t i = 0; i < count; ++i) code->data[i] &= 1; // what else is in a byte is of the making
        m_squares = SecretBytes::takeFrom({code->data, count});
        m_modules = code->width;
        QRcode_free(code);
    }
    show();
    updateGeometry();
    update();
}

void FactorPicture::clear() {
    m_squares = SecretBytes();
    m_modules = 0;
    m_letters.reset();
    hide();
}

QSize FactorPicture::sizeHint() const {
    const int side = (m_modules + 2 * kQuiet) * kSquare;
    const int letters = m_letters ? static_cast<int>(m_letters->size()) : 0;
    const int wide = fontMetrics().averageCharWidth() * (letters + letters / kInGroup) * 3 / 2;
    return {std::max(side, wide), side + fontMetrics().height() + space::kMedium};
}

void FactorPicture::paintEvent(QPaintEvent*) {
    if (!m_letters) return;
    QPainter painter(this);
    const int side = (m_modules + 2 * kQuiet) * kSquare;
    const QPoint corner((width() - side) / 2, 0);
    if (hasPicture()) {
        painter.fillRect(QRect(corner, QSize(side, side)), Qt::white);
        for (int row = 0; row < m_modules; ++row) {
            for (int column = 0; column < m_modules; ++column) {
                if (m_squares.data()[row * m_modules + column] == 0) continue;
                painter.fillRect(corner.x() + (column + kQuiet) * kSquare, (row + kQuiet) * kSquare, kSquare, kSquare,
                                 Qt::black);
            }
        }
    }
    const ByteView letters = m_letters->view();
    QString text;
    text.reserve(static_cast<int>(letters.size() * 2));
    for (std::size_t i = 0; i < letters.size(); ++i) {
        if (i > 0 && i % kInGroup == 0) text += u' ';
        text += QChar::fromLatin1(static_cast<char>(letters[i]));
    }
    painter.setPen(palette().color(QPalette::WindowText));
    painter.drawText(QRect(0, side + space::kSmall, width(), fontMetrics().height()), Qt::AlignCenter, text);
    text.fill(u'\0');
}

} // namespace tallylock::ui
