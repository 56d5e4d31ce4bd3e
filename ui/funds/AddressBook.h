// The places outside that may be paid at, each with its waiting time.
#pragma once

#include "core/api/Treasury.h"
#include "ui/kit/View.h"

class QComboBox;
class QLineEdit;
class QPushButton;

namespace tallylock::ui {

class AddressModel;
class Banner;
class Table;

class AddressBook : public QWidget {
    Q_OBJECT

public:
    /// Refusals are told by `banner`.
    AddressBook(Context& context, Banner* banner, QWidget* parent = nullptr);
    void setAddresses(const std::vector<api::PayoutAddressRow>& addresses);
    void setUnit(api::UnitId unit);

signals:
    void changed();

private:
    QWidget* makeForm();
    void showButtons();
    void add();
    void remove();

    Context& m_context;
    Banner* m_banner;
    AddressModel* m_rows;
    Table* m_table;
    QComboBox* m_unit;
    QLineEdit* m_address;
    QLineEdit* m_label;
    QPushButton* m_add;
    QPushButton* m_remove;
};

} // namespace tallylock::ui
