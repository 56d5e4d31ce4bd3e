// A line inside a view that says what was refused, what to do, or what has just been done. It never blocks the window,
// is read by screen readers when it appears, and goes when it is closed or replaced.
#pragma once

#include "core/api/Problem.h"

#include <QFrame>

class QLabel;
class QToolButton;

namespace tallylock::ui {

class Banner : public QFrame {
    Q_OBJECT
public:
    enum class Mood : std::uint8_t { Refused, Told, Succeeded };

    /// Hidden until there is something to say.
    explicit Banner(QWidget* parent = nullptr);

    void refuse(const api::Refusal& refusal);
    void refuse(const QString& text) { show(Mood::Refused, text); }
    void tell(const QString& text) { show(Mood::Told, text); }
    void succeed(const QString& text) { show(Mood::Succeeded, text); }
    void clear();
    QString text() const;

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void show(Mood mood, const QString& text);
    void tint();

    Mood m_mood = Mood::Told;
    QLabel* m_icon;
    QLabel* m_text;
    QToolButton* m_close;
};

} // namespace tallylock::ui
