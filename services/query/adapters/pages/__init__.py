"""The web pages: server-rendered, Chinese first, without any foreign host."""
