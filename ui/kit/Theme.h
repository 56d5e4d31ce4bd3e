// Colours, spaces and icons. Fusion is the style on every system; the palette is light or dark as the system's is,
// and everything of ours paints with it, so that a change of the system's shows at once.
#pragma once

#include <QColor>
#include <QIcon>
#include <QPalette>
#include <QString>

class QApplication;
class QWidget;

namespace tallylock::ui {

/// Distances, in device-independent pixels.
namespace space {
constexpr int kTiny = 4;
constexpr int kSmall = 8;
constexpr int kMedium = 12;
constexpr int kLarge = 16;
constexpr int kPage = 24; ///< round a view
constexpr int kIcon = 18;
} // namespace space

enum class Brightness : std::uint8_t { System, Light, Dark };

/// Call once before the first widget; again to change the brightness. Loads the icons.
void applyTheme(QApplication& app, Brightness brightness = Brightness::System);

bool isDark(const QPalette& palette);

/// Colours with a meaning that a QPalette has no role for, fitting the palette's brightness.
struct Tints {
    QColor accent;   ///< the product's colour: the current thing
    QColor onAccent; ///< letters on it
    QColor good;     ///< done, bought, rising
    QColor bad;      ///< refused, sold, falling
    QColor warn;     ///< needs a person, has a deadline
    QColor muted;    ///< letters of second rank
    QColor card;     ///< the ground of a card
    QColor line;     ///< thin lines and frames
};
Tints tintsOf(const QPalette& palette);
/// `over` laid thinly on `ground`, for backgrounds of banners and marks.
QColor mixed(const QColor& over, const QColor& ground, double share);

/// The icon resources/icons/NAME.svg in the colour of the letters around it (disabled and selected too).
QIcon themeIcon(const QString& name);
/// The same, once, in a colour.
QPixmap iconPixmap(const QString& name, int size, const QColor& colour, qreal devicePixelRatio);

/// Larger or bolder letters than the widget's, in steps of the application's font.
void setHeadingFont(QWidget* widget, double factor, bool bold);
/// Digits and hashes.
QFont monospaceFont();

} // namespace tallylock::ui
