"""Who may sign in, and in which roles."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac

from evenload.records.models.vocabulary import LANGUAGES_OF_THE_PRODUCT, ROLES, THEMES, choices, one_of


class Accounts(BaseUserManager["Account"]):
    """Makes accounts with a hashed password."""

    def create_account(self, username: str, password: str | None, **facts: object) -> Account:
        """A new account; without a password nobody can sign in to it."""
        account = self.model(username=self.model.normalize_username(username), **facts)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """One person who signs in. Rights come from roles alone; there is no superuser."""

    username = models.CharField(max_length=150, unique=True)
    full_name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=2, default="en", choices=choices(LANGUAGES_OF_THE_PRODUCT))
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    compact_rows = models.BooleanField(default=False)
    theme = models.CharField(max_length=5, blank=True, default="", choices=choices(THEMES))
    """empty: as the device says"""
    letter_keys = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    session_round = models.PositiveIntegerField(default=0)
    """part of every session's seal: counted up, all sessions of the account end"""

    objects = Accounts()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        constraints = [
            one_of("language", LANGUAGES_OF_THE_PRODUCT, name="account_language_known"),
            one_of("theme", THEMES, name="account_theme_known", blank=True),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_session_auth_hash(self) -> str:
        """A session holds this seal; a new password or a new round ends every session that bears an old one."""
        return salted_hmac("evenload.session", f"{self.session_round}:{self.password}", algorithm="sha256").hexdigest()


class RoleOfAccount(models.Model):
    """A role held by an account: in one program, or in the whole organisation where `program` is empty."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(max_length=20, choices=choices(ROLES))
    program = models.ForeignKey("records.Program", on_delete=models.CASCADE, null=True, blank=True, related_name="roles")

    class Meta:
        constraints = [
            one_of("role", ROLES, name="role_known"),
            models.UniqueConstraint(fields=["account", "role", "program"], name="role_once_per_program"),
            models.UniqueConstraint(fields=["account", "role"], condition=Q(program__isnull=True), name="role_once_in_the_organisation"),
            models.CheckConstraint(
                condition=Q(role__in=["director", "privacy_officer"], program__isnull=True) | ~Q(role__in=["director", "privacy_officer"]),
                name="organisation_roles_have_no_program",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.role}"
