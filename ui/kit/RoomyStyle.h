// Fusion with room to breathe: buttons and fields of one height, letters away from their frames, cells apart, and
// buttons drawn flat.
#pragma once

#include <QProxyStyle>

namespace tallylock::ui {

class RoomyStyle : public QProxyStyle {
    Q_OBJECT

public:
    RoomyStyle();
    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget) const override;
    int pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override;
    QSize sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                           const QWidget* widget) const override;
    QRect subElementRect(SubElement element, const QStyleOption* option, const QWidget* widget) const override;
};

} // namespace tallylock::ui
