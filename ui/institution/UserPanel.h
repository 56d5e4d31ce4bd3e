// One user: roles, the most that an order may be worth, and the devices that speak for the user.
#pragma once

#include "ui/kit/View.h"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace tallylock::ui {

class AmountField;
class Banner;
class HoldButton;
class PlainLabel;

class UserPanel : public QWidget {
    Q_OBJECT

public:
    UserPanel(Context& context, Banner* banner, QWidget* parent = nullptr);
    /// `mayChange`: an administrator looks at it. Roles are those of institutions.
    void setUser(const api::UserRow& user, bool mayChange, bool institution);

signals:
    void changed();

private:
    std::optional<IdentityKey> chosenDevice() const;
    void showDevices(const std::optional<IdentityKey>& chosen);
    void showUnit();
    void showButtons();
    void setRoles();
    void setLimit();
    void addDevice();
    void removeDevice();
    std::uint32_t ticked() const;
    void done(const QString& text);

    Context& m_context;
    Banner* m_banner;
    api::UserRow m_user;
    bool m_mayChange = false;
    bool m_institution = false;
    PlainLabel* m_name;
    std::vector<QCheckBox*> m_roles; ///< in the order of allRoles()
    QPushButton* m_setRoles;
    QComboBox* m_unit;
    AmountField* m_most;
    QPushButton* m_setMost;
    QListWidget* m_devices;
    QLineEdit* m_key;
    QPushButton* m_add;
    HoldButton* m_remove;
};

/// A public key as it is copied: 64 hexadecimal digits.
std::optional<IdentityKey> keyFrom(const QString& text);

} // namespace tallylock::ui
