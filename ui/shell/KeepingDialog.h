#pragma once

#include "core/api/Session.h"

#include <QDialog>

class QCheckBox;
class QLineEdit;
class QPushButton;

namespace tallylock::ui {

class Banner;

/// Gives a profile a new passphrase, or moves it to the system's keychain or back.
class KeepingDialog : public QDialog {
    Q_OBJECT
public:
    KeepingDialog(api::Node& node, const QString& profile, QWidget* parent);
    ~KeepingDialog() override;

signals:
    void changed();

protected:
    /// Not while it is being changed: nobody would know which passphrase counts.
    void reject() override;

private:
    QLineEdit* addSecret(const QString& name);
    void keepWith(bool keychain);
    void setChanging(bool changing);
    void change();

    api::Node& m_node;
    QString m_profile;
    Banner* m_banner;
    QLineEdit* m_now;
    QCheckBox* m_keychain; ///< shown where a keychain works
    QLineEdit* m_fresh;
    QLineEdit* m_again;
    QPushButton* m_change;
    QPushButton* m_cancel;
    bool m_isChanging = false;
};

} // namespace tallylock::ui
