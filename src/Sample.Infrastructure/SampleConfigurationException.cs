namespace Sample.Infrastructure;

/// <summary>The configuration is wrong; the message says what to write instead.</summary>
public sealed class SampleConfigurationException(string message) : InvalidOperationException(message);
