// The small widgets that all views are made of.
#pragma once

#include "ui/kit/Theme.h"

#include <QFrame>
#include <QLabel>
#include <QPushButton>

class QVBoxLayout;

namespace tallylock::ui {

/// Text of second rank that follows the palette.
enum class Rank : std::uint8_t { Normal, Muted };

/// A label that shows text exactly as it is: no markup, no links, elided when there is no room (the whole text is then
/// its tool tip). For everything that came from another person.
class PlainLabel : public QFrame {
    Q_OBJECT
public:
    explicit PlainLabel(const QString& text = {}, Rank rank = Rank::Normal, QWidget* parent = nullptr);
    void setText(const QString& text);
    QString text() const { return m_text; }
    void setAlignment(Qt::Alignment alignment);
    void setElideMode(Qt::TextElideMode mode);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_text;
    Rank m_rank;
    Qt::Alignment m_alignment = Qt::AlignLeft | Qt::AlignVCenter;
    Qt::TextElideMode m_elide = Qt::ElideRight;
};

/// Plain wrapped text, selectable where `selectable`.
QLabel* plainText(const QString& text = {}, Rank rank = Rank::Normal, QWidget* parent = nullptr);
/// Makes a label's letters muted, now and after a change of palette.
void setRank(QWidget* label, Rank rank);

/// A view's heading, a section's heading.
QLabel* pageHeading(const QString& text, QWidget* parent = nullptr);
QLabel* sectionHeading(const QString& text, QWidget* parent = nullptr);

/// A framed ground for things that belong together. Put widgets into body().
class Card : public QFrame {
    Q_OBJECT
public:
    explicit Card(QWidget* parent = nullptr);
    QVBoxLayout* body() const { return m_body; }
    /// Drawn with the accent: this one needs the reader.
    void setRaised(bool raised);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QVBoxLayout* m_body;
    bool m_raised = false;
};

/// The action a page is about, in the accent colour. Never the default button of something irreversible.
class PrimaryButton : public QPushButton {
    Q_OBJECT
public:
    explicit PrimaryButton(const QString& text, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    void tint();
};

/// "Nothing here yet", what to do about it, and the button that does it.
class EmptyState : public QWidget {
    Q_OBJECT
public:
    /// Without `action` there is no button.
    EmptyState(const QString& iconName, const QString& title, const QString& text, const QString& action = {},
               QWidget* parent = nullptr);
    QPushButton* button() const { return m_button; }

signals:
    void activated();

protected:
    void changeEvent(QEvent* event) override;

private:
    void tint();
    QString m_iconName;
    QLabel* m_icon;
    QPushButton* m_button = nullptr;
};

/// A thin word in a coloured lozenge, such as "Practice" or a sale's state.
class Badge : public QLabel {
    Q_OBJECT
public:
    enum class Tone : std::uint8_t { Muted, Accent, Good, Warn, Bad };
    explicit Badge(const QString& text = {}, Tone tone = Tone::Muted, QWidget* parent = nullptr);
    void setTone(Tone tone);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Tone m_tone;
};

/// A button with an icon that copies text to the clipboard and says so. `what` is its accessible name: "Copy address".
class CopyButton : public QPushButton {
    Q_OBJECT
public:
    explicit CopyButton(const QString& what, QWidget* parent = nullptr);
    void setValue(const QString& value) { m_value = value; }

private:
    QString m_value;
};

/// A scroll area without a frame round a page of a sensible width: `page` grows to `maxWidth` and stays in the middle.
QWidget* scrolledPage(QWidget* page, int maxWidth = 920);

} // namespace tallylock::ui
