#include "ui/kit/RoomyStyle.h"

#include "ui/kit/Theme.h"

#include <QAbstractItemView>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QStyleOptionButton>

namespace tallylock::ui {
namespace {

constexpr int kFieldHeight = 32;
constexpr int kButtonPadding = 10; // each side
constexpr int kFieldPadding = 5;
constexpr int kCellPadding = 7;
constexpr qreal kCorner = 5;

void drawButton(const QStyleOptionButton& option, QPainter* painter) {
    const QPalette& palette = option.palette;
    const Tints tints = tintsOf(palette);
    const bool enabled = option.state & QStyle::State_Enabled;
    const bool down = option.state & (QStyle::State_Sunken | QStyle::State_On);
    QColor ground = palette.color(enabled ? QPalette::Active : QPalette::Disabled, QPalette::Button);
    const bool coloured = ground == tints.accent;
    const QColor letters = palette.color(QPalette::ButtonText);
    if (down)
        ground = mixed(letters, ground, 0.16);
    else if (enabled && option.state & QStyle::State_MouseOver)
        ground = mixed(letters, ground, 0.08);
    QColor frame = coloured ? ground : tints.line;
    if (!coloured && enabled) frame = mixed(tints.muted, tints.line, 0.3);

    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRectF rect = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5);
    painter->setPen(frame);
    painter->setBrush(ground);
    painter->drawRoundedRect(rect, kCorner, kCorner);
    const bool keyboard = option.state & QStyle::State_HasFocus && option.state & QStyle::State_KeyboardFocusChange;
    if (keyboard || (option.features & QStyleOptionButton::DefaultButton && !coloured)) {
        painter->setPen(QPen(coloured ? tints.onAccent : tints.accent, 1.5));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(coloured ? rect.adjusted(2, 2, -2, -2) : rect.adjusted(0.5, 0.5, -0.5, -0.5),
                                 kCorner - 1, kCorner - 1);
    }
    painter->restore();
}

} // namespace

RoomyStyle::RoomyStyle() : QProxyStyle(QStringLiteral("Fusion")) {}

void RoomyStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                               const QWidget* widget) const {
    if (element == PE_PanelButtonCommand) {
        if (const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option))
            return drawButton(*button, painter);
    }
    if (element == PE_FrameFocusRect && qobject_cast<const QPushButton*>(widget)) return; // drawn with the button
    QProxyStyle::drawPrimitive(element, option, painter, widget);
}

int RoomyStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const {
    switch (metric) {
    case PM_FocusFrameHMargin: // what item views keep left and right of a cell's text
        if (qobject_cast<const QAbstractItemView*>(widget)) return kCellPadding;
        break;
    case PM_HeaderMargin: return kCellPadding + 1;
    case PM_ScrollBarExtent: return 12;
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical: return 0;
    default: break;
    }
    return QProxyStyle::pixelMetric(metric, option, widget);
}

QSize RoomyStyle::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                                   const QWidget* widget) const {
    QSize out = QProxyStyle::sizeFromContents(type, option, size, widget);
    switch (type) {
    case CT_PushButton:
        out.rwidth() += 2 * kButtonPadding;
        out.setHeight(qMax(out.height(), kFieldHeight));
        break;
    case CT_LineEdit:
    case CT_ComboBox:
    case CT_SpinBox:
        if (!widget || !qobject_cast<const QAbstractItemView*>(widget->parentWidget()))
            out.setHeight(qMax(out.height(), kFieldHeight));
        break;
    default: break;
    }
    return out;
}

QRect RoomyStyle::subElementRect(SubElement element, const QStyleOption* option, const QWidget* widget) const {
    const QRect out = QProxyStyle::subElementRect(element, option, widget);
    const bool field = element == SE_LineEditContents && widget && qobject_cast<const QLineEdit*>(widget);
    return field ? out.adjusted(kFieldPadding, 0, -kFieldPadding, 0) : out;
}

} // namespace tallylock::ui
