using Xunit.Sdk;
using Xunit.v3;

// EF keeps its internal service providers for the whole process, and in them what routing knows of a replica: its health, and what was logged once. Each class begins
// with none (PairFixture), which a test of another class would notice.
[assembly: Parallelization(Mode = ParallelMode.None)]
