// A button for what cannot be taken back: it acts once it has been kept pressed for a second, with the mouse or with
// the space bar. A mere click does nothing.
#pragma once

#include <QPushButton>
#include <QVariantAnimation>

namespace tallylock::ui {

class HoldButton : public QPushButton {
    Q_OBJECT
public:
    static constexpr int kHoldMs = 1000;

    explicit HoldButton(const QString& text, QWidget* parent = nullptr);

signals:
    void held();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QVariantAnimation m_progress; ///< 0 to 1000
};

} // namespace tallylock::ui
