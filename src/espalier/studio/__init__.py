"""Where people build apps. (Part 4.)"""
