#include "ui/kit/Theme.h"

#include "ui/kit/RoomyStyle.h"

#include <QApplication>
#include <QFile>
#include <QFontDatabase>
#include <QIconEngine>
#include <QPainter>
#include <QSvgRenderer>
#include <QWidget>

// Outside of any namespace, as Qt asks: the icons lie in a static library.
static void loadResources() { Q_INIT_RESOURCE(tallylock); }

namespace tallylock::ui {

namespace {

/// The greys and the accent of one brightness.
struct Shades {
    const char *window, *base, *alternate, *button, *text, *muted, *accent, *onAccent, *line, *disabled;
};
constexpr Shades kLight{"#f4f5f7", "#ffffff", "#f7f8fa", "#fbfbfc", "#1c2127",
                        "#5c6670", "#0b6e75", "#ffffff", "#d5d9de", "#9aa2aa"};
constexpr Shades kDark{"#1f2327", "#272c31", "#2c3137", "#32383e", "#e6e9ec",
                       "#a0a9b2", "#45b8bf", "#0d1f21", "#3d444b", "#6b747c"};

QColor colourOf(const char* name) { return QColor(QLatin1String(name)); }

QPalette paletteOf(const Shades& s) {
    QPalette p;
    const bool dark = &s == &kDark;
    const QColor window = colourOf(s.window);
    p.setColor(QPalette::Window, window);
    p.setColor(QPalette::WindowText, colourOf(s.text));
    p.setColor(QPalette::Base, colourOf(s.base));
    p.setColor(QPalette::AlternateBase, colourOf(s.alternate));
    p.setColor(QPalette::Text, colourOf(s.text));
    p.setColor(QPalette::Button, colourOf(s.button));
    p.setColor(QPalette::ButtonText, colourOf(s.text));
    p.setColor(QPalette::BrightText, Qt::white);
    p.setColor(QPalette::PlaceholderText, colourOf(s.disabled));
    p.setColor(QPalette::ToolTipBase, colourOf(s.base));
    p.setColor(QPalette::ToolTipText, colourOf(s.text));
    p.setColor(QPalette::Highlight, colourOf(s.accent));
    p.setColor(QPalette::HighlightedText, colourOf(s.onAccent));
    p.setColor(QPalette::Link, colourOf(s.accent));
    p.setColor(QPalette::LinkVisited, colourOf(s.accent));
    p.setColor(QPalette::Light, dark ? window.lighter(140) : QColor(Qt::white));
    p.setColor(QPalette::Midlight, dark ? window.lighter(120) : window.darker(103));
    p.setColor(QPalette::Mid, colourOf(s.line));
    p.setColor(QPalette::Dark, dark ? window.darker(150) : window.darker(140));
    p.setColor(QPalette::Shadow, dark ? QColor(Qt::black) : window.darker(200));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, colourOf(s.disabled));
    p.setColor(QPalette::Disabled, QPalette::Highlight, colourOf(s.line));
    p.setColor(QPalette::Disabled, QPalette::HighlightedText, colourOf(s.disabled));
    return p;
}

/// Follows the system's brightness while the app runs.
class BrightnessFollower : public QObject {
public:
    using QObject::QObject;
    Brightness asked = Brightness::System;

    void apply(QApplication& app) {
        // A default palette hands the question back to the system.
        m_busy = true;
        app.setPalette(QPalette());
        const bool dark = asked == Brightness::System ? isDark(QApplication::palette()) : asked == Brightness::Dark;
        app.setPalette(paletteOf(dark ? kDark : kLight));
        m_busy = false;
    }
    bool eventFilter(QObject* watched, QEvent* event) override {
        if (event->type() == QEvent::ThemeChange && !m_busy && asked == Brightness::System)
            QMetaObject::invokeMethod(
                this, [this] { apply(*qApp); }, Qt::QueuedConnection);
        return QObject::eventFilter(watched, event);
    }

private:
    bool m_busy = false;
};

QByteArray svgOf(const QString& name, const QColor& colour) {
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly)) return {};
    return file.readAll().replace("currentColor", colour.name().toLatin1());
}

/// Paints an SVG in the palette's letters, whatever they are at that moment.
class TintedIconEngine : public QIconEngine {
public:
    explicit TintedIconEngine(QString name) : m_name(std::move(name)) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
        const QPalette palette = QApplication::palette();
        QColor colour = palette.color(QPalette::Active, QPalette::ButtonText);
        if (mode == QIcon::Disabled) colour = palette.color(QPalette::Disabled, QPalette::ButtonText);
        if (mode == QIcon::Selected) colour = palette.color(QPalette::Active, QPalette::HighlightedText);
        QSvgRenderer renderer(svgOf(m_name, colour));
        if (renderer.isValid()) renderer.render(painter, rect);
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }
    QIconEngine* clone() const override { return new TintedIconEngine(m_name); }
    bool isNull() override { return !QFile::exists(QStringLiteral(":/icons/%1.svg").arg(m_name)); }

private:
    QString m_name;
};

} // namespace

bool isDark(const QPalette& palette) {
    return palette.color(QPalette::Window).lightness() < palette.color(QPalette::WindowText).lightness();
}

void applyTheme(QApplication& app, Brightness brightness) {
    static BrightnessFollower* follower = nullptr;
    if (!follower) {
        loadResources();
        QApplication::setStyle(new RoomyStyle);
        follower = new BrightnessFollower(&app);
        app.installEventFilter(follower);
        QObject::connect(follower, &QObject::destroyed, [] { follower = nullptr; });
    }
    follower->asked = brightness;
    follower->apply(app);
}

Tints tintsOf(const QPalette& palette) {
    const bool dark = isDark(palette);
    const Shades& shades = dark ? kDark : kLight;
    Tints tints;
    tints.accent = colourOf(shades.accent);
    tints.onAccent = colourOf(shades.onAccent);
    tints.good = QColor(dark ? 0x5fbf7f : 0x1f7a3d);
    tints.bad = QColor(dark ? 0xf0817a : 0xb3261e);
    tints.warn = QColor(dark ? 0xe0b050 : 0x8a5a00);
    tints.muted = colourOf(shades.muted);
    tints.card = palette.color(QPalette::Base);
    tints.line = colourOf(shades.line);
    return tints;
}

QColor mixed(const QColor& over, const QColor& ground, double share) {
    const auto part = [share](int a, int b) { return static_cast<int>(a * share + b * (1 - share)); };
    return QColor(part(over.red(), ground.red()), part(over.green(), ground.green()), part(over.blue(), ground.blue()));
}

QIcon themeIcon(const QString& name) { return QIcon(new TintedIconEngine(name)); }

QPixmap iconPixmap(const QString& name, int size, const QColor& colour, qreal devicePixelRatio) {
    QPixmap pixmap(QSize(size, size) * devicePixelRatio);
    pixmap.setDevicePixelRatio(devicePixelRatio);
    pixmap.fill(Qt::transparent);
    QSvgRenderer renderer(svgOf(name, colour));
    if (!renderer.isValid()) return pixmap;
    QPainter painter(&pixmap);
    renderer.render(&painter, QRectF(0, 0, size, size));
    return pixmap;
}

void setHeadingFont(QWidget* widget, double factor, bool bold) {
    QFont font = widget->font();
    font.setPointSizeF(QApplication::font().pointSizeF() * factor);
    font.setWeight(bold ? QFont::DemiBold : QFont::Normal);
    widget->setFont(font);
}

QFont monospaceFont() {
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setPointSizeF(QApplication::font().pointSizeF());
    return font;
}

} // namespace tallylock::ui
