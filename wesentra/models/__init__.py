"""What we hold: one table a file, no queries, no HTTP."""

from wesentra.models.authenticator import Authenticator
from wesentra.models.base import db
from wesentra.models.breach import Breach
from wesentra.models.company import Company
from wesentra.models.contact import Contact
from wesentra.models.departure import Departure
from wesentra.models.disclosure import Disclosure
from wesentra.models.disclosure_year import DisclosureYear
from wesentra.models.field_change import FieldChange
from wesentra.models.field_check import FieldCheck
from wesentra.models.field_removal import FieldRemoval
from wesentra.models.field_seen import FieldSeen
from wesentra.models.field_use import FieldUse
from wesentra.models.field_use_state import FieldUseState
from wesentra.models.form_token import FormToken
from wesentra.models.import_job import ImportJob
from wesentra.models.import_row import ImportRow
from wesentra.models.interaction import Interaction
from wesentra.models.interaction_month import InteractionMonth
from wesentra.models.job import Job
from wesentra.models.log_review import LogReview, LogReviewItem
from wesentra.models.notice import Notice
from wesentra.models.notice_acknowledgement import NoticeAcknowledgement
from wesentra.models.objection import Objection
from wesentra.models.opening import Opening
from wesentra.models.passkey import Passkey
from wesentra.models.password_link import PasswordLink
from wesentra.models.purpose import Purpose
from wesentra.models.recovery_code import RecoveryCode
from wesentra.models.required_factor import RequiredFactor
from wesentra.models.rescue import Rescue
from wesentra.models.restriction import Restriction
from wesentra.models.retention_due import RetentionDue
from wesentra.models.retention_hold import RetentionHold
from wesentra.models.retention_rule import RetentionRule
from wesentra.models.retention_run import RetentionRun
from wesentra.models.role_grant import RoleGrant
from wesentra.models.role_request import RoleRequest
from wesentra.models.search_word import CompanyWord, ContactWord
from wesentra.models.sign_in_address import SignInAddress
from wesentra.models.sign_in_attempt import SignInAttempt
from wesentra.models.sign_on_link import SignOnLink
from wesentra.models.staff_hearing import StaffHearing
from wesentra.models.suppression import Suppression
from wesentra.models.task import Task
from wesentra.models.tombstone import Tombstone
from wesentra.models.user import User
from wesentra.models.user_session import UserSession

__all__ = [
    "Authenticator",
    "Breach",
    "Company",
    "CompanyWord",
    "Contact",
    "ContactWord",
    "Departure",
    "Disclosure",
    "DisclosureYear",
    "FieldChange",
    "FieldCheck",
    "FieldRemoval",
    "FieldSeen",
    "FieldUse",
    "FieldUseState",
    "FormToken",
    "ImportJob",
    "ImportRow",
    "Interaction",
    "InteractionMonth",
    "Job",
    "LogReview",
    "LogReviewItem",
    "Notice",
    "NoticeAcknowledgement",
    "Objection",
    "Opening",
    "Passkey",
    "PasswordLink",
    "Purpose",
    "RecoveryCode",
    "RequiredFactor",
    "Rescue",
    "Restriction",
    "RetentionDue",
    "RetentionHold",
    "RetentionRule",
    "RetentionRun",
    "RoleGrant",
    "RoleRequest",
    "SignInAddress",
    "SignInAttempt",
    "SignOnLink",
    "StaffHearing",
    "Suppression",
    "Task",
    "Tombstone",
    "User",
    "UserSession",
    "db",
]
