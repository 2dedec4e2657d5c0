"""Wiedervorlagen: the list, and a new one."""

from goes_mobile.ui.screens.tasks.form import NewTaskForScreen, NewTaskScreen
from goes_mobile.ui.screens.tasks.listing import MoreTasksScreen, TasksScreen

__all__ = ["MoreTasksScreen", "NewTaskForScreen", "NewTaskScreen", "TasksScreen"]
