UPDATE device SET comm_key = REPEAT('k', 32)
