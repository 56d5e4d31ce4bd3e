#include "ui/kit/RoomyStyle.h"

#include <QAbstractItemView>
#include <QLineEdit>
#include <QPushButton>

namespace tallylock::ui {
namespace {

constexpr int kFieldHeight = 32;
constexpr int kButtonPadding = 10; // each side
constexpr int kFieldPadding = 5;
constexpr int kCellPadding = 7;

} // namespace

RoomyStyle::RoomyStyle() : QProxyStyle(QStringLiteral("Fusion")) {}

int RoomyStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const {
    switch (metric) {
    case PM_FocusFrameHMargin: // what item views keep left and right of a cell's text
        if (qobject_cast<const QAbstractItemView*>(widget)) return kCellPadding;
        break;
    case PM_HeaderMargin: return kCellPadding + 1;
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
