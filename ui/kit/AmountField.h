// The one field in which money is entered. It reads the person's locale exactly and says what is wrong.
#pragma once

#include "ui/kit/Units.h"

#include <QLineEdit>

#include <optional>

class QLabel;

namespace tallylock::ui {

class AmountField : public QLineEdit {
    Q_OBJECT
public:
    explicit AmountField(const api::UnitRow& unit = {}, QWidget* parent = nullptr);

    /// `fraction`: digits after the point that may be typed; negative: all that the unit has.
    void setUnit(const api::UnitRow& unit, int fraction = -1);
    const api::UnitRow& unit() const { return m_unit; }
    /// Zero is refused unless allowed.
    void setZeroAllowed(bool allowed);

    /// Nothing while the text is not a valid amount.
    std::optional<api::Amount> amount() const;
    void setAmount(const api::Amount& amount);
    /// Empty and untouched again: what was typed has been dealt with.
    void reset();
    /// Why there is no amount; nothing while it is valid or the field is empty and untouched.
    QString problem() const;
    /// A wrapped line for the problem, to be put under the field; takes no room while all is well.
    QLabel* note();

signals:
    void amountChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    Result<api::Amount, api::Problem> parsed() const;
    void check();
    void placeSuffix();

    api::UnitRow m_unit;
    int m_fraction = -1;
    bool m_zeroAllowed = false;
    bool m_touched = false;
    QLabel* m_note = nullptr;
};

} // namespace tallylock::ui
