// The wizard's steps in a row: done, current, to come.
#pragma once

#include <QWidget>

namespace tallylock::ui {

class StepTrail : public QWidget {
    Q_OBJECT

public:
    explicit StepTrail(QStringList steps, QWidget* parent = nullptr);
    void setCurrent(int step);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QStringList m_steps;
    int m_current = 0;
};

} // namespace tallylock::ui
