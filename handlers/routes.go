package handlers

import "countersign/models"

// routes are all the doors, each with what one must be allowed to do to pass it.
// GET changes nothing; POST ends in a redirect, or in 422 with the form as typed.
func (h *Handlers) routes(in *registrar) {
	in.GET("/healthz", models.VerbPublic, h.showHealth, Plain)
	in.GET("/readyz", models.VerbPublic, h.showReadiness, Plain)
	in.GET("/version", models.VerbPublic, h.showVersion, Plain)
	in.GET("/metrics", models.VerbPublic, h.showMetrics, Plain)
	in.GET("/static/*path", models.VerbPublic, asset, Plain)

	in.GET("/sign-in", models.VerbPublic, h.newSignIn)
	in.POST("/sign-in", models.VerbPublic, h.signIn)
	if h.Demo {
		in.POST("/sign-in/demo", models.VerbPublic, h.signInAsDemoPerson)
	}
	in.POST("/sign-out", models.VerbSignIn, h.signOut)

	in.GET("/", models.VerbSignIn, h.showHome)
	in.GET("/stream/home", models.VerbSee, h.streamHome, Live)

	in.GET("/profile", models.VerbSignIn, h.showProfile)
	in.POST("/profile/password", models.VerbSignIn, h.changePassword)
	in.POST("/profile/zone", models.VerbSignIn, h.chooseZone)
	in.POST("/profile/sessions/:handle/end", models.VerbSignIn, h.endSession)

	in.GET("/people", models.VerbRoster, h.listPeople)
	in.GET("/people/new", models.VerbPeople, h.newPerson)
	in.POST("/people", models.VerbPeople, h.addPerson)
	in.GET("/people/:id", models.VerbRoster, h.showPerson)
	in.POST("/people/:id/roles", models.VerbPeople, h.changeRoles)
	in.POST("/people/:id/password", models.VerbPeople, h.resetPassword)
	in.POST("/people/:id/deactivation", models.VerbPeople, h.deactivatePerson)
	in.POST("/people/:id/activation", models.VerbPeople, h.activatePerson)

	in.GET("/policy", models.VerbPolicy, h.showPolicy)

	in.GET("/payouts", models.VerbSee, h.listPayouts)
	in.POST("/payouts/search", models.VerbSee, h.searchPayouts, Asks)
	in.GET("/payouts/stream", models.VerbSee, h.streamPayouts, Live)
	in.GET("/payouts.csv", models.VerbExport, h.exportPayouts)
	in.GET("/payouts/new", models.VerbDraft, h.newPayout)
	in.POST("/payouts", models.VerbDraft, h.draftPayout, WithFiles)
	in.GET("/payouts/:no/edit", models.VerbDraft, h.editPayout)
	in.POST("/payouts/:no/edit", models.VerbDraft, h.changePayout, WithFiles)
	in.GET("/payouts/:no/review", models.VerbDraft, h.reviewPayout)
	in.POST("/payouts/:no/submission", models.VerbDraft, h.submitPayout)

	in.GET("/approvals", models.VerbSee, h.listApprovals)
	in.GET("/approvals/:no", models.VerbSee, h.showApproval)
	in.GET("/approvals/:no/approve", models.VerbApprove, h.confirmApproval)
	in.GET("/approvals/:no/reject", models.VerbApprove, h.askRejection)
	in.GET("/approvals/:no/question", models.VerbApprove, h.askQuestion)
	in.POST("/payouts/:no/approval", models.VerbApprove, h.approvePayout)
	in.POST("/payouts/:no/rejection", models.VerbApprove, h.rejectPayout)
	in.POST("/payouts/:no/question", models.VerbApprove, h.askMaker)

	in.GET("/payouts/:no", models.VerbSee, h.showPayout)
	in.GET("/payouts/:no/stream", models.VerbSee, h.streamPayout, Live)
	in.GET("/payouts/:no/files/:id", models.VerbSee, h.downloadFile)
	in.POST("/payouts/:no/query", models.VerbAsk, h.queryPayout)
	in.GET("/payouts/:no/notes", models.VerbNote, h.askFor(noteDeed))
	in.POST("/payouts/:no/notes", models.VerbNote, h.notePayout, WithFiles)
	in.GET("/payouts/:no/hold", models.VerbHold, h.askFor(holdDeed))
	in.POST("/payouts/:no/hold", models.VerbHold, h.carryOut(holdDeed))
	in.GET("/payouts/:no/resume", models.VerbResume, h.askFor(resumeDeed))
	in.POST("/payouts/:no/resume", models.VerbResume, h.carryOut(resumeDeed))
	in.GET("/payouts/:no/withdrawal", models.VerbStop, h.askFor(withdrawDeed))
	in.POST("/payouts/:no/withdrawal", models.VerbStop, h.carryOut(withdrawDeed))
	in.POST("/payouts/:no/claim", models.VerbVerdict, h.claimPayout)
	in.GET("/payouts/:no/enquiry", models.VerbSee, h.showEnquiry)
	in.POST("/payouts/:no/enquiry", models.VerbVerdict, h.markEnquiry)
	in.GET("/payouts/:no/enquiry/:id/reply", models.VerbVerdict, h.newReply)
	in.POST("/payouts/:no/enquiry/:id/reply", models.VerbVerdict, h.fileReply, WithFiles)
	in.GET("/payouts/:no/explanation", models.VerbSee, h.explainPayout)
	in.POST("/payouts/:no/evidence", models.VerbAudit, h.takeEvidence)
	in.POST("/payouts/:no/reveal", models.VerbReveal, h.revealPayout)

	in.GET("/unclear", models.VerbSee, h.listUnclear)
	in.GET("/unclear/:no", models.VerbSee, h.showUnclear)
	in.POST("/unclear/:no/verdict", models.VerbVerdict, h.proposeVerdict, WithFiles)
	in.POST("/unclear/:no/confirmation", models.VerbVerdict, h.confirmVerdict)
	in.GET("/contradictions", models.VerbSee, h.listContradictions)
	in.GET("/contradictions/:no", models.VerbSee, h.showContradiction)
	in.POST("/contradictions/:no/verdict", models.VerbClose, h.proposeVerdict, WithFiles)
	in.POST("/contradictions/:no/confirmation", models.VerbVerdict, h.confirmVerdict)

	in.GET("/sends", models.VerbSee, h.listSends)
	in.GET("/sends/:no", models.VerbSee, h.showSend)
	in.POST("/sends/:no/look", models.VerbVerdict, h.lookAtSend)

	in.POST("/webhooks/:slug", models.VerbNotify, h.receiveNotice)
	in.GET("/notices", models.VerbNotices, h.listNotices)
	in.GET("/notices/:id", models.VerbNotices, h.showNotice)
	in.POST("/notices/:id/look", models.VerbSort, h.lookAtNotice)

	in.GET("/gateways", models.VerbHealth, h.listGateways)
	in.GET("/gateways/stream", models.VerbHealth, h.streamGateways, Live)
	in.GET("/gateways/new", models.VerbGateway, h.newAccount)
	in.POST("/gateways/new", models.VerbGateway, h.addAccount)
	in.GET("/gateways/address", models.VerbGateway, h.newAddress)
	in.POST("/gateways/address", models.VerbGateway, h.changeAddress)
	in.POST("/gateways/:id/test", models.VerbAsk, h.testAccount)
	in.GET("/gateways/:id/pause", models.VerbCord, h.newPause)
	in.POST("/gateways/:id/pause", models.VerbCord, h.pauseAccount)
	in.GET("/gateways/:id/reopening", models.VerbRestart, h.newReopening)
	in.POST("/gateways/:id/reopening", models.VerbRestart, h.reopenAccount)
	in.GET("/cord", models.VerbCord, h.newCord)
	in.POST("/cord", models.VerbCord, h.pullCord)
	in.GET("/cord/release", models.VerbRestart, h.newRestart)
	in.POST("/cord/release", models.VerbRestart, h.restart)
	if h.Sandbox != nil {
		in.GET("/gateways/sandbox", h.sandboxVerb(), h.showSandbox)
		in.POST("/gateways/sandbox", h.sandboxVerb(), h.chooseNext)
		in.POST("/gateways/sandbox/:no/push", h.sandboxVerb(), h.pushNotice)
	}

	in.GET("/audit", models.VerbAudit, h.showAudit)
	in.GET("/audit.csv", models.VerbAudit, h.exportAudit)
	in.POST("/audit/verification", models.VerbAudit, h.checkChain)

	in.GET("/stream", models.VerbSignIn, h.streamCounts, Live)
}
