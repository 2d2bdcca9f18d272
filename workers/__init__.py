"""Time and queues: what happens without anybody clicking, and the processes in which the service runs."""
