// What the welcome pages have in common: a heading, a sentence, their own part, a message line and the buttons.
#pragma once

#include <QWidget>

class QHBoxLayout;
class QPushButton;
class QVBoxLayout;

namespace tallylock::ui {

class Banner;

class WelcomePage : public QWidget {
    Q_OBJECT
public:
    WelcomePage(const QString& heading, const QString& text, QWidget* parent);

    QVBoxLayout* body() const { return m_body; }
    Banner* banner() const { return m_banner; }
    /// The page has come to the front: put the keyboard where it is wanted.
    virtual void entered() {}
    /// The page is left for good: forget secrets.
    virtual void left() {}

signals:
    void backed();

protected:
    /// "Back" at the left, `next` at the right; gives the latter.
    QPushButton* addButtons(const QString& next, const QString& accessibleName);

private:
    QVBoxLayout* m_body;
    Banner* m_banner;
    QHBoxLayout* m_buttons;
};

} // namespace tallylock::ui
